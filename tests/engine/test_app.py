"""A bot starts with what works, says what does not, and stops without losing anything."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pendopo import Context, Options, Plugin, Row, phrase, tables
from pendopo.adapters.contract import AdapterHealth
from pendopo.config import Secret, Settings
from pendopo.engine import app as composing
from pendopo.engine.app import App
from pendopo.errors import StoreError
from pendopo.store import open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.testing import FakeClock, MemoryMessenger, Story
from pendopo.testing.schema_cache import make_tables
from pendopo_izin import plugin as izin

from tests.tampering import change_rows


def make_plugin(name: str, **more: Any) -> Plugin:
    made = Plugin(name, summary="Under test", policy="known", **more)

    @made.command(name)
    async def handler(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"hai dari {name}"))

    return made


def broken(kind: str, tmp_path: Path) -> Plugin:
    """A plugin that cannot be used, in one of many ways."""
    if kind == "clash":
        made = make_plugin("rusak")
        made.command("baik")(make_handler())
        return made
    if kind == "no policy":
        made = Plugin("rusak", summary="Under test")
        made.command("rusak")(make_handler())
        return made
    if kind == "annotation":
        made = make_plugin("rusak")

        async def odd(ctx: Context, a: "sys.nothing.at_all") -> None: ...  # type: ignore[name-defined]  # noqa: F821

        made.command("aneh")(odd)
        return made
    if kind == "sentences":
        (tmp_path / "locale").mkdir()
        (tmp_path / "locale" / "id.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "umum.galat"\nmsgstr "x"\n')
    elif kind == "unreadable":
        (tmp_path / "locale").mkdir()
        (tmp_path / "locale" / "id.po").write_bytes(b'msgid "\xff\xfe')
    elif kind == "migration":
        (tmp_path / "migrations").mkdir()
        (tmp_path / "migrations" / "0001_bad.py").write_text(
            "revision = '0001'\ndown_revision = None\ndef upgrade():\n    1 / 0\n"
        )

        class Table(Row, registry=tables("rusak")):
            """Rows."""

        return make_plugin("rusak", path=tmp_path, tables=Table)
    return make_plugin("rusak", path=tmp_path)


def make_handler() -> Any:
    async def lain(ctx: Context) -> None: ...

    return lain


@pytest.mark.parametrize("kind", ["clash", "no policy", "annotation", "sentences", "unreadable"])
async def test_a_broken_plugin_is_named_and_left_out_and_the_others_work(kind: str, tmp_path: Path) -> None:
    async with Story([make_plugin("baik"), broken(kind, tmp_path), make_plugin("juga")], raises=False) as story:
        assert list(story.app.broken) == ["rusak"]
        assert story.app.broken["rusak"]
        assert (await story.app.readiness())["broken_plugins"] == story.app.broken
        for name in ("baik", "juga"):
            await story.kadis.says(f"/{name}")
            assert story.kadis.last.text == f"hai dari {name}"
        await story.kadis.says("/rusak")
        assert "tidak ada" in story.kadis.last.text


async def test_a_plugin_whose_migration_fails_is_tried_again_and_the_others_work(tmp_path: Path) -> None:
    async with Story([make_plugin("baik"), broken("migration", tmp_path)], raises=False) as story:
        assert story.app.broken == {}
        assert not (await story.app.readiness())["plugins"]["rusak"]["ok"]
        await story.kadis.says("/rusak")
        assert "Plugin rusak sedang terganggu" in story.kadis.last.text
        await story.kadis.says("/baik")
        assert story.kadis.last.text == "hai dari baik"


def make_app(url: str, tmp_path: Path, *plugins: Plugin) -> App:
    settings = Settings.model_validate({"data_dir": str(tmp_path)})
    return App(settings, open_database(url), [MemoryMessenger()], plugins, FakeClock())


@pytest.mark.postgres
async def test_on_postgresql_a_start_only_checks(postgres_url: str, tmp_path: Path) -> None:
    app = make_app(postgres_url, tmp_path, izin)
    with pytest.raises(StoreError, match="run `pendopo db upgrade`"):
        await app.start()
    await app.stop()
    again = make_app(postgres_url, tmp_path, izin)
    engine = again.database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    await again.start()
    assert set(again.core.gate.degraded) == {"izin"}
    make_tables(again.database, [izin])
    clock = again.clock
    assert isinstance(clock, FakeClock)
    clock.move_to(clock.now() + timedelta(seconds=6))
    await again.plugin_monitor.idle()
    assert not again.core.gate.degraded
    await again.stop()


@pytest.mark.postgres
async def test_a_whole_izin_on_postgresql(postgres_url: str) -> None:
    database = open_database(postgres_url)
    make_tables(database, [izin])
    await database.close()
    async with Story([izin], database=postgres_url, raises=False) as story:
        await story.kadis.says("/izin rakor", group=True)
        await story.restart()
        await story.kadis.says("besok jam 9", group=True, to=story.group.last)
        await story.kadis.presses("Kirim", group=True)
        await story.restart()
        await story.sekda.presses("Tolak…")
        await story.sekda.says("ada tamu")
        story.kadis.sees("ditolak Sekda", "ada tamu")
        await story.kadis.says("/izin batal")
        await story.advance(minutes=31)
        story.kadis.sees("30 menit tanpa jawaban")


async def test_a_messenger_that_fails_is_started_again_and_stops_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "RESTART_SECONDS", (0.0,))
    story = Story([make_plugin("baik")], raises=False)
    runs, enough = 0, asyncio.Event()

    async def failing() -> None:
        nonlocal runs
        runs += 1
        if runs == 4:
            enough.set()
            await asyncio.Event().wait()
        raise ConnectionError("down")

    story.messenger.run = failing
    async with story:
        await enough.wait()
        await story.kadis.says("/baik")
        assert story.kadis.last.text == "hai dari baik"


async def test_readiness_tells_of_messengers_and_of_what_waits() -> None:
    async with Story([make_plugin("baik")], raises=False) as story:
        assert (await story.app.readiness())["ok"]
        story.messenger.health = lambda: AdapterHealth(False, 99.0, "away")
        told = await story.app.readiness()
        assert not told["ok"]
        assert told["adapters"]["memory"]["note"] == "away"


async def test_a_messengers_failure_to_close_does_not_keep_the_database_open(tmp_path: Path) -> None:
    story = Story([make_plugin("baik")], database=f"sqlite:///{tmp_path}/x.db", raises=False)

    async def close() -> None:
        raise ConnectionError("down")

    story.messenger.close = close
    async with story:
        await story.restart()
        await story.kadis.says("/baik")


@pytest.mark.sqlite
async def test_what_an_operator_puts_back_is_found_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "SWEEP_SECONDS", 0.01)
    async with Story([make_plugin("baik")], raises=False) as story:
        await story.kadis.says("/baik")
        await change_rows(story.app.database, "inbox", state="open", step=0)
        while len(story.kadis.messages) < 2:
            await asyncio.sleep(0)
        assert story.kadis.last.text == "hai dari baik"


async def test_the_error_of_a_plugin_is_stored_without_its_own_secret() -> None:
    class Aturan(Options):
        kunci: Secret
        kota: str

    peta = Plugin("peta", summary="", options=Aturan)

    @peta.command("peta", policy="known")
    async def buka(ctx: Context) -> None:
        aturan = ctx.options(Aturan)
        raise RuntimeError(f"{aturan.kota}?key={aturan.kunci.get_secret_value()}")

    settings = Settings.model_validate({"plugin": {"peta": {"kunci": "kunci-peta-rahasia", "kota": "Cimahi"}}})
    async with Story([peta], settings=settings, raises=False) as story:
        await story.kadis.says("/peta")
        await story.advance(minutes=5)
        errors = [row.error for row in await story.stored.list_inbox(state="dead")]
        assert errors == ["RuntimeError: Cimahi?key=•••"]
