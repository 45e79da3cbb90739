"""Verbs beside a bot want a database that is there and up to date."""

import asyncio
from pathlib import Path

import pytest
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.cli.bootstrap.databases import open_offline
from pendopo.config import Settings
from pendopo.errors import StoreError

from tests.cli.conftest import Pendopo, make_settings


async def test_verbs_beside_a_bot_want_a_database_that_is_there_and_up_to_date(place: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database var/pendopo\.db yet"):
        async with open_offline(make_settings()):
            pass
    (place / "old.db").write_bytes(b"")
    with pytest.raises(StoreError, match="run `pendopo db upgrade`"):
        async with open_offline(make_settings(database={"url": "sqlite:///old.db"})):
            pass


DATABASE = Path("var/pendopo.db")


MAKING = {"import": ["directory", "import", "d.toml"], "upgrade": ["db", "upgrade"], "restore": ["restore", "b.tar"]}


def start() -> None:
    async def run() -> None:
        bot = await compose_bot(Settings())
        try:
            await bot.app.start()
        finally:
            await bot.app.stop()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("how", "made_by"), [("gone", "import"), ("empty", "start"), ("gone", "start"), ("gone", "upgrade"), ("empty", "restore")]
)
def test_a_database_that_was_there_is_not_made_anew(pendopo: Pendopo, full: Path, how: str, made_by: str) -> None:
    pendopo("backup", "b.tar")
    (full / "var").rename(full / "lost")
    (full / "d.toml").write_text('[[person]]\nname = "Ani"')
    if made_by == "start":
        start()
    else:
        assert pendopo(*MAKING[made_by]).code == 0
    DATABASE.unlink()
    if how == "empty":
        DATABASE.touch()
    with pytest.raises(StoreError, match=rf"var/pendopo.db is {how}; there was a database"):
        start()
    for words in (("directory", "import", "d.toml"), ("db", "upgrade"), ("directory", "show")):
        said = pendopo(*words)
        assert (said.code, f"var/pendopo.db is {how}" in said.err) == (1, True), said
    assert not DATABASE.exists() or not DATABASE.stat().st_size
    assert pendopo("restore", "b.tar", "--replace").code == 0
    start()


def test_a_new_place_and_another_database_begin_without_a_word(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    monkeypatch.setenv("PENDOPO_DATABASE__URL", "sqlite:///var/other.db")
    start_with = Settings.model_validate({"database": {"url": "sqlite:///var/other.db"}})
    asyncio.run(_compose_and_stop(start_with))
    DATABASE.unlink()
    (full / "var" / "audit-heads.json").unlink()
    start()


async def _compose_and_stop(settings: Settings) -> None:
    bot = await compose_bot(settings)
    await bot.app.database.close()
