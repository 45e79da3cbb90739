"""From settings to a bot: what is missing gets its default, what cannot be is refused in a sentence."""

from pathlib import Path

import pytest
from pendopo.cli.bootstrap import directory_files
from pendopo.cli.bootstrap.composition import compose_bot, is_loopback
from pendopo.cli.bootstrap.databases import open_offline, sqlite_path
from pendopo.config import Settings
from pendopo.errors import OperatorError, StoreError

from tests.cli.conftest import Pendopo


def settings(**values: object) -> Settings:
    return Settings.model_validate(values)


async def test_with_nothing_configured_it_is_the_simulator_with_the_demos_people(place: Path) -> None:
    bot = await compose_bot(settings())
    await bot.app.start()
    assert bot.simulator is not None
    assert [person.id for person in bot.simulator.people][:2] == ["rina", "bambang"]
    assert list(bot.simulator.chats_of("rina")) == ["forum-pimpinan", "rina"]
    assert (place / "var" / "pendopo.db").is_file()
    await bot.app.stop()


async def test_a_directory_that_was_imported_is_not_replaced_by_the_demo(place: Path, pendopo: Pendopo) -> None:
    (place / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    bot = await compose_bot(settings(directory={"file": "one.toml"}))
    await bot.app.start()
    await bot.app.stop()
    bot = await compose_bot(settings())
    await bot.app.start()
    assert bot.simulator is not None
    assert [person.name for person in bot.simulator.people] == ["Ani"]
    assert [person.name for person in bot.app.core.people.persons.values()] == ["Ani"]
    await bot.app.stop()


async def test_members_of_a_group_are_those_with_its_roles(place: Path) -> None:
    (place / "two.toml").write_text(
        """
        post = [{ code = "a", title = "A", roles = ["lurah"] }, { code = "b", title = "B", roles = ["staf"] }]
        person = [
          { name = "Ani", posts = ["a"], accounts = ["simulator:ani"] },
          { name = "Budi", posts = ["b"], accounts = ["simulator:budi"] },
        ]
        forum = [{ name = "Lurah", chats = ["simulator:lurah"], members = ["lurah"] }]
        """
    )
    bot = await compose_bot(settings(directory={"file": "two.toml"}))
    assert bot.simulator is not None
    assert list(bot.simulator.chats_of("ani")) == ["lurah", "ani"]
    assert list(bot.simulator.chats_of("budi")) == ["budi"]
    await bot.app.database.close()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"adapters": {"waha": {"base_url": "http://x", "api_key": "k"}}}, "adapters.waha.hmac_key is missing"),
        ({"web": {"host": "192.0.2.1"}}, "runs on this machine only"),
        ({"data_dir": "file/var"}, "cannot create file/var"),
        ({"database": {"url": "mysql://x"}}, "database.url must begin with"),
        ({"directory": {"file": "none.toml"}}, "there is no directory file none.toml"),
        ({"directory": {"file": "empty.toml"}}, "nobody in the directory has an account on the simulator"),
        ({"plugins": {"enabled": ["nihil"]}}, "there is no plugin 'nihil'"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_in_a_sentence(place: Path, values: dict[str, object], sentence: str) -> None:
    (place / "file").write_text("")
    (place / "empty.toml").write_text("")
    with pytest.raises(OperatorError) as caught:
        await compose_bot(settings(**values))
    assert sentence in str(caught.value)


async def test_after_a_refusal_the_database_is_free_again(place: Path) -> None:
    with pytest.raises(OperatorError):
        await compose_bot(settings(directory={"file": "none.toml"}))
    bot = await compose_bot(settings())
    await bot.app.database.close()


async def test_a_broken_plugin_is_reported_and_the_bot_starts(plugin_dir: Path) -> None:
    (plugin_dir / "rusak.py").write_text("1/0")
    bot = await compose_bot(settings(plugins={"plugin_dirs": [str(plugin_dir)]}))
    await bot.app.start()
    assert (await bot.app.readiness())["broken_plugins"] == {"rusak": "ZeroDivisionError: division by zero"}
    await bot.app.stop()


async def test_without_a_messenger_it_starts_all_the_same(place: Path) -> None:
    bot = await compose_bot(settings(adapters={"simulator": {"enabled": False}}, web={"host": "0.0.0.0"}))  # noqa: S104
    assert bot.simulator is None
    await bot.app.database.close()


async def test_verbs_beside_a_bot_want_a_database_that_is_there_and_up_to_date(place: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database var/pendopo\.db yet"):
        async with open_offline(settings()):
            pass
    (place / "old.db").write_bytes(b"")
    with pytest.raises(StoreError, match="run `pendopo db upgrade`"):
        async with open_offline(settings(database={"url": "sqlite:///old.db"})):
            pass


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_what_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "kota.go.id", ""])  # noqa: S104  what must be refused
def test_what_is_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_where_a_database_lies() -> None:
    assert sqlite_path("sqlite:///var/x.db") == Path("var/x.db")
    assert sqlite_path("sqlite:////srv/x.db") == Path("/srv/x.db")
    assert sqlite_path("sqlite://") is None
    assert sqlite_path("postgresql://kota/pendopo") is None


def test_the_demo_that_ships_is_the_one_in_the_source_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    source = directory_files.demo_file()
    monkeypatch.setattr(directory_files, "_IN_SOURCE", Path("nowhere"))
    assert source != directory_files.demo_file()
    assert source.read_bytes() == directory_files.demo_file().read_bytes()
