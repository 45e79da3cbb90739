"""From settings to a bot: what is missing gets its default, what cannot be is refused in a sentence."""

from pathlib import Path

import pytest
from pendopo.cli.bootstrap.composition import compose_bot, is_loopback
from pendopo.cli.bootstrap.databases import sqlite_path
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.errors import OperatorError

from tests.cli.conftest import make_settings


async def test_with_nothing_configured_it_is_the_simulator_with_the_demos_people(place: Path) -> None:
    bot = await compose_bot(make_settings())
    await bot.app.start()
    assert bot.simulator is not None
    assert [person.id for person in bot.simulator.people][:2] == ["rina", "bambang"]
    assert list(bot.simulator.chats_of("rina")) == ["forum-pimpinan", "rina"]
    assert (place / "var" / "pendopo.db").is_file()
    await bot.app.stop()


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
        await compose_bot(make_settings(**values))
    assert sentence in str(caught.value)


async def test_after_a_refusal_the_database_is_free_again(place: Path) -> None:
    with pytest.raises(OperatorError):
        await compose_bot(make_settings(directory={"file": "none.toml"}))
    bot = await compose_bot(make_settings())
    await bot.app.database.close()


async def test_a_broken_plugin_is_reported_and_the_bot_starts(plugin_dir: Path) -> None:
    (plugin_dir / "rusak.py").write_text("1/0")
    bot = await compose_bot(make_settings(plugins={"plugin_dirs": [str(plugin_dir)]}))
    await bot.app.start()
    assert (await bot.app.readiness())["broken_plugins"] == {
        "rusak": "ZeroDivisionError: division by zero (my_plugins/rusak.py:1)"
    }
    await bot.app.stop()


OPTIONS = """
from pendopo import Options, Plugin
class Aturan(Options):
    jam: int = "dua"
    hari: int = 2
plugin = Plugin("salah", summary="Salah", policy="known", options=Aturan)
"""


async def test_a_plugin_whose_own_defaults_are_wrong_is_left_out(plugin_dir: Path) -> None:
    (plugin_dir / "salah.py").write_text(OPTIONS)
    bot = await compose_bot(make_settings(plugins={"plugin_dirs": [str(plugin_dir)]}))
    await bot.app.start()
    assert "[plugin.salah]: jam: Input should be a valid integer" in (await bot.app.readiness())["broken_plugins"]["salah"]
    await bot.app.stop()


async def test_what_an_operator_wrote_wrongly_ends_the_start(plugin_dir: Path) -> None:
    (plugin_dir / "salah.py").write_text(OPTIONS.replace('"dua"', "3"))
    with pytest.raises(OperatorError, match=r"\[plugin\.salah\]: hari"):
        await compose_bot(make_settings(plugins={"plugin_dirs": [str(plugin_dir)]}, plugin={"salah": {"hari": "x"}}))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os\n\nx = (1,\n", "SyntaxError: '(' was never closed (my_plugins/rusak.py:3)"),
        ("import os\nimport tidak_ada_itu\n", "ModuleNotFoundError: No module named 'tidak_ada_itu' (my_plugins/rusak.py:2)"),
        ("from pendopo import Plugin, TidakAda\n", "(my_plugins/rusak.py:1)"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named_with_its_place(plugin_dir: Path, code: str, said: str) -> None:
    (plugin_dir / "rusak.py").write_text(code)
    found = find_plugins(make_settings(plugins={"plugin_dirs": [str(plugin_dir)]}).plugins)
    assert said in str(found.broken["rusak"])


async def test_without_a_messenger_it_starts_all_the_same(place: Path) -> None:
    bot = await compose_bot(make_settings(adapters={"simulator": {"enabled": False}}, web={"host": "0.0.0.0"}))  # noqa: S104
    assert bot.simulator is None
    await bot.app.database.close()


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
