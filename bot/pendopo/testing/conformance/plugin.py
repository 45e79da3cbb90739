"""The conformance tests of every plugin: of its declarations, and of a bot that runs only this plugin."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa

from pendopo.config import Settings, get_options
from pendopo.engine.app import App
from pendopo.engine.routing.router import Router
from pendopo.errors import ConfigError, PluginError, StaleError
from pendopo.i18n import LOCALES, SOURCE, find_fields, read_po
from pendopo.plugin import Plugin
from pendopo.plugin.code_check import check_code
from pendopo.plugin.command_text import parse_command
from pendopo.plugin.route import Route
from pendopo.store.migrate import upgrade_schema
from pendopo.store.queries import dead_letters, reminders
from pendopo.store.transfer.table_inventory import count_rows
from pendopo.testing.actor import Actor
from pendopo.testing.story import Story

LANGUAGES = ("id", "en")
"""Languages that every plugin must have in full; in others a missing sentence falls back to Indonesian."""
_DRAWN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{6,}|\b[A-Z]{8,}\b|\d+")
"""Random codes, and numbers, which may have gaps: both differ from run to run."""
_HINT = re.compile(r"^\([^)]*\)\s*")
"""The hint before an example's text: (balas foto surat) /disposisi …"""
_NAMED = re.compile(r"[a-z_]+(\.[a-z_]+)+")
"""The key of a sentence: people read it where the sentence is missing."""


class PluginConformance:
    """The suite: `class TestConformance(PluginConformance, plugin=plugin)`.

    It tries the commands by their `examples`, which the people of a `Story` say.
    """

    pytestmark = pytest.mark.asyncio
    plugin: ClassVar[Plugin]
    """The plugin under test, from the class statement."""
    speakers: ClassVar[Sequence[str]] = ("kadis", "sekda", "orang_asing")
    """The people who say the examples: two of the demo's, and a stranger."""

    def __init_subclass__(cls, plugin: Plugin | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if plugin is not None:
            cls.plugin = plugin

    # -- what it declares ----------------------------------------------------------------------------------------

    async def test_every_route_has_a_policy_that_is_known(self) -> None:
        try:
            Router([self.plugin])
        except PluginError as error:
            raise AssertionError(str(error)) from error

    async def test_every_command_and_its_arguments_have_words_for_people(self) -> None:
        for locale, sentences in self._load_sentences().items():
            missing = [key for route in self._list_commands() for key in self._list_keys(route) if key not in sentences]
            assert not missing, f"{locale}.po lacks {missing}"

    async def test_every_sentence_is_in_both_languages_and_names_the_same_arguments(self) -> None:
        first, second = self._load_sentences().values()
        assert set(first) == set(second), f"only in one language: {sorted(set(first) ^ set(second))}"
        for other in (second, *(self._read_catalogue(locale) for locale in LOCALES if locale not in LANGUAGES)):
            strange = sorted(set(other) - set(first))
            assert not strange, f"not in {SOURCE}.po: {strange}"
            differing = [k for k in other if not k.endswith(".kata") and find_fields(first[k]) != find_fields(other[k])]
            assert not differing, f"not the same arguments: {differing}"

    async def test_its_code_names_written_sentences_and_awaits_what_it_calls(self) -> None:
        assert not (wrong := check_code(self.plugin)), "\n".join(wrong)

    async def test_every_sentence_is_its_own(self) -> None:
        strange = [key for key in self._load_sentences()["id"] if not key.startswith(f"{self.plugin.name}.")]
        assert not strange, f"begin with {self.plugin.name}.: {strange}"

    async def test_every_example_is_a_command_of_it(self) -> None:
        router = Router([self.plugin])
        for route in self._list_commands():
            for example in route.examples:
                typed = parse_command(_HINT.sub("", example))
                found = router.find_command(typed) if typed is not None else None
                assert found, f"{route.name}: nobody understands its example {example!r}"

    async def test_its_tables_are_made_by_its_migrations(self) -> None:
        schema = self.plugin.schema
        if schema is None or schema.metadata is None:
            return
        assert schema.head, f"{self.plugin.name} has tables and no migrations/0001_{self.plugin.name}.py"
        engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        try:
            upgrade_schema(engine, schema)
            assert not (found := _list_differences(engine, schema.metadata)), f"the rows declare otherwise: {found}"
        finally:
            engine.dispose()

    async def test_its_instants_come_back_with_their_zone(self) -> None:
        tables = self.plugin.tables.metadata.tables if self.plugin.tables is not None else {}
        bare = [str(column) for table in tables.values() for column in table.columns if isinstance(column.type, sa.DateTime)]
        assert not bare, f"times without a zone: {bare}; say Field(sa_type=Moment)"

    async def test_its_options_have_defaults_and_refuse_what_they_do_not_know(self) -> None:
        if self.plugin.options is None:
            return
        name = self.plugin.name
        get_options(Settings(), name, self.plugin.options)
        with pytest.raises(ConfigError):
            get_options(Settings.model_validate({"plugin": {name: {"bukan_pengaturan": 1}}}), name, self.plugin.options)

    # -- what it does --------------------------------------------------------------------------------------------

    async def test_a_bot_takes_it(self) -> None:
        async with Story([self.plugin]) as story:
            assert story.app.broken == {}

    async def test_no_example_fails_whoever_says_it(self) -> None:
        async with Story([self.plugin]) as story:
            for speaker in self.speakers:
                for example in self._list_examples():
                    await story.actor(speaker).says(example)
                    await story.advance(seconds=10)
                    dead = await dead_letters.list_letters(story.app.database, "inbox", dead_letters.DEAD, 1)
                    assert not dead, f"{speaker} says {example!r}: {dead[0].error}"
                    await story.actor(speaker).says("/batal")

    async def test_every_sentence_it_says_is_written(self) -> None:
        async with Story([self.plugin]) as story:
            for example in self._list_examples():
                await story.kadis.says(example)
                await story.kadis.says("/batal")
            said = {line for shown in story.messenger.screen for line in shown.text.split()}
        bare = [word for word in said if _NAMED.fullmatch(word) and word.startswith(f"{self.plugin.name}.")]
        assert not bare, f"people read keys instead of sentences: {sorted(bare)}"

    async def test_a_delivery_that_comes_twice_has_one_effect(self) -> None:
        for example in self._list_examples():
            async with Story([self.plugin]) as story:
                native = story.messenger.make_native("kadis", True, "kadis", story.clock.now(), name="kadis", text=example)
                await story.deliver(native)
                once = await self._observe_effect(story, story.kadis)
                await story.deliver(native, native)
                assert await self._observe_effect(story, story.kadis) == once, f"{example!r} has more effect the second time"

    async def test_a_handler_that_runs_again_has_one_effect(self) -> None:
        """Refuses the first commit, as when the same row was changed meanwhile, so that the handler runs again."""
        for example in self._list_examples():
            async with Story([self.plugin]) as story:
                await story.kadis.says(example)
                once = await self._observe_effect(story, story.kadis)
            async with Story([self.plugin]) as story:
                _fail_first_commit(story.app)
                await story.kadis.says(example)
                again = await self._observe_effect(story, story.kadis)
            assert again == once, f"{example!r} has more effect when its handler runs again"

    # -- how it is looked at -------------------------------------------------------------------------------------

    def _list_commands(self) -> list[Route]:
        return [route for route in self.plugin.list_routes() if route.words and not route.hidden]

    def _list_examples(self) -> list[str]:
        """All examples, and the bare word of each command without one."""
        said = [said for route in self._list_commands() for said in route.examples or (f"/{route.words[0]}",)]
        return [_HINT.sub("", each) for each in said]

    def _list_keys(self, route: Route) -> list[str]:
        name = self.plugin.name
        return [f"{name}.bantuan.{route.name.partition('.')[2]}", *(f"{name}.arg.{param.name}" for param in route.params)]

    def _load_sentences(self) -> dict[str, Mapping[str, str]]:
        return {locale: self._read_catalogue(locale) for locale in LANGUAGES}

    def _read_catalogue(self, locale: str) -> Mapping[str, str]:
        path = self.plugin.path / "locale" / f"{locale}.po"
        return read_po(path) if path.is_file() else {}

    async def _observe_effect(self, story: Story, actor: Actor) -> tuple[object, ...]:
        """What people see, the number of rows of each of the plugin's tables, and the number of reminders."""
        shown = [(_DRAWN.sub("•", message.text), len(message.buttons)) for message in story.messenger.screen]
        tables = self.plugin.tables.metadata.tables if self.plugin.tables is not None else ()
        rows = await story.app.database.query_objects(lambda session: count_rows(session.connection(), tables))
        return shown, actor.toast, rows, await reminders.count_reminders(story.app.database)


def _fail_first_commit(app: App) -> None:
    """Refuse the first commit of the next event."""
    work, refused = app.dispatcher._work, False
    commit = work.commit

    async def stale(*args: Any) -> None:
        nonlocal refused
        if not refused:
            refused = True
            raise StaleError("refused once, by the suite")
        await commit(*args)

    work.commit = stale  # type: ignore[method-assign, assignment]


def _list_differences(engine: sa.Engine, metadata: sa.MetaData) -> list[str]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours, "compare_type": False})
        return [str(difference) for difference in compare_metadata(context, metadata)]


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "table" or not str(name).startswith("alembic_version")
