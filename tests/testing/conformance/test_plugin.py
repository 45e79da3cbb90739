"""The suite of plugins catches what it is there to catch: for each check a plugin that is broken in just that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from pendopo import Context, Moment, Options, Plugin, RestOfText, Row, tables
from pendopo.adapters.contract import Incoming
from pendopo.errors import OperatorError
from pendopo.testing import MemoryMessenger
from pendopo.testing.conformance import PluginConformance
from sqlmodel import Field

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
WORDS = {"uji.halo": "halo {siapa}", "uji.bantuan.halo": "menyapa", "uji.arg.isi": "isi"}
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("uji_baris", sa.Column("id", sa.Integer, primary_key=True, nullable=False), {columns})
"""
WHOLE = 'sa.Column("version", sa.Integer, nullable=False), sa.Column("isi", sa.Text, nullable=False)'
NOTHING: RestOfText = RestOfText("")


def plugin(home: Path, example: str = "/halo semua", policy: str = "known", options: Any = None, **written: Any) -> Plugin:
    """A small plugin that passes everything, but for what is said otherwise."""

    class Table(Row, registry=tables("uji")): ...

    class Baris(Table, table=True):
        isi: str

    if "bare" in written:

        class Jam(Table, table=True):
            pada: datetime = Field(sa_type=written["bare"])

    made = Plugin("uji", summary="Uji", policy=policy, tables=Table, path=home, options=options)

    @made.command("halo", examples=[example])
    async def halo(ctx: Context, isi: RestOfText = NOTHING) -> None:
        """Greet."""
        await ctx.save(Baris(isi=isi))
        await written.get("does", _greets)(ctx)

    (home / "__init__.py").write_text(written.get("code", ""))
    (home / "locale").mkdir()
    for locale, whole in (("id", WORDS), ("en", WORDS), ("su", {})):
        words = {**whole, **written.get(locale, {})}
        text = PO + "\n".join(f'msgid "{key}"\nmsgstr "{value}"\n' for key, value in words.items() if value)
        (home / "locale" / f"{locale}.po").write_text(text)
    if columns := written.get("columns", WHOLE):
        (home / "migrations").mkdir()
        (home / "migrations" / "0001_uji.py").write_text(MIGRATION.format(columns=columns))
    return made


async def _greets(ctx: Context) -> None:
    await ctx.reply("uji.halo", siapa=ctx.person)


def suite(made: Plugin) -> PluginConformance:
    class Suite(PluginConformance):
        plugin = made

    return Suite()


CHECKS = [name for name in vars(PluginConformance) if name.startswith("test_")]


@pytest.mark.parametrize("check", CHECKS)
async def test_a_plugin_without_fault_passes(tmp_path: Path, check: str) -> None:
    await getattr(suite(plugin(tmp_path)), check)()


async def test_a_language_besides_the_two_may_lack_sentences(tmp_path: Path) -> None:
    made = suite(plugin(tmp_path, su={"uji.halo": "wilujeng {siapa}"}))
    await made.test_every_sentence_is_in_both_languages_and_names_the_same_arguments()


class Lax(Options):
    """Takes whatever it is given."""

    model_config = {"extra": "ignore"}


seen: list[str] = []


async def _remembers(ctx: Context) -> None:
    seen.append("again")
    for _ in seen:
        await ctx.reply("uji.halo", siapa=ctx.person)


async def _crashes(ctx: Context) -> None:
    raise RuntimeError("never before seen")


async def _mumbles(ctx: Context) -> None:
    await ctx.reply("uji.tidak_ditulis")


FAULTS: Sequence[tuple[str, Mapping[str, Any]]] = [
    ("test_every_route_has_a_policy_that_is_known", {"policy": ""}),
    ("test_every_route_has_a_policy_that_is_known", {"policy": "siapa_saja"}),
    ("test_every_command_and_its_arguments_have_words_for_people", {"en": {"uji.bantuan.halo": ""}}),
    ("test_every_command_and_its_arguments_have_words_for_people", {"id": {"uji.arg.isi": ""}}),
    ("test_every_sentence_is_in_both_languages_and_names_the_same_arguments", {"en": {"uji.halo": ""}}),
    ("test_every_sentence_is_in_both_languages_and_names_the_same_arguments", {"en": {"uji.halo": "hello {name}"}}),
    ("test_every_sentence_is_in_both_languages_and_names_the_same_arguments", {"su": {"uji.halo": "wilujeng {nama}"}}),
    ("test_every_sentence_is_in_both_languages_and_names_the_same_arguments", {"su": {"uji.wilujeng": "wilujeng"}}),
    (
        "test_its_code_names_written_sentences_and_awaits_what_it_calls",
        {"code": "async def sapa(ctx):\n    await ctx.reply('uji.hallo')\n"},
    ),
    (
        "test_its_code_names_written_sentences_and_awaits_what_it_calls",
        {"code": "async def sapa(ctx):\n    await ctx.reply('uji.halo', siap=1)\n"},
    ),
    ("test_every_sentence_is_its_own", {"id": {"izin.halo": "halo"}}),
    ("test_every_example_is_a_command_of_it", {"example": "/hallo semua"}),
    ("test_its_tables_are_made_by_its_migrations", {"columns": ""}),
    ("test_its_tables_are_made_by_its_migrations", {"columns": WHOLE + ', sa.Column("lebih", sa.Text)'}),
    ("test_its_instants_come_back_with_their_zone", {"bare": sa.DateTime(timezone=True)}),
    ("test_its_instants_come_back_with_their_zone", {"bare": sa.DateTime}),
    ("test_its_options_have_defaults_and_refuse_what_they_do_not_know", {"options": Lax}),
    ("test_a_bot_takes_it", {"policy": "siapa_saja"}),
    ("test_no_example_fails_whoever_says_it", {"does": _crashes}),
    ("test_every_sentence_it_says_is_written", {"does": _mumbles}),
    ("test_a_handler_that_runs_again_has_one_effect", {"does": _remembers}),
]


@pytest.mark.parametrize(("check", "fault"), FAULTS, ids=[f"{check}-{next(iter(fault))}" for check, fault in FAULTS])
async def test_a_plugin_with_a_fault_does_not(tmp_path: Path, check: str, fault: Mapping[str, Any]) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception, OperatorError, RuntimeError)):
        await getattr(suite(plugin(tmp_path, **fault)), check)()


async def test_a_delivery_that_is_heard_twice_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is heard has no key that stays, as in an adapter that makes one up, the plugin's effect is doubled."""
    numbers = iter(range(100))

    def fresh(self: MemoryMessenger, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        return [msgspec.structs.replace(item, key=f"{item.key}-{next(numbers)}") for item in receive(self, body, headers)]

    receive = MemoryMessenger.receive
    monkeypatch.setattr(MemoryMessenger, "receive", fresh)
    with pytest.raises(AssertionError, match="more effect the second time"):
        await suite(plugin(tmp_path)).test_a_delivery_that_comes_twice_has_one_effect()


def test_every_check_of_plugins_has_a_fault_it_catches() -> None:
    assert {check for check, _ in FAULTS} | {"test_a_delivery_that_comes_twice_has_one_effect"} == set(CHECKS)


@pytest.mark.parametrize("whole", [Moment, None])
async def test_an_instant_with_its_zone_is_no_fault(tmp_path: Path, whole: Any) -> None:
    await suite(plugin(tmp_path, **({"bare": whole} if whole else {}))).test_its_instants_come_back_with_their_zone()
