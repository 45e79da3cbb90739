"""The guarantees of the house, each with a story that fails when it is broken. G1 has its own tests in tests/chaos."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import pytest
import structlog
from pendopo import Button, Context, Message, Plugin, Prompt, RestOfText, Row, UserError, phrase, tables
from pendopo.config import Settings, TelegramSettings
from pendopo.errors import TemporarySendError
from pendopo.store.queries import dead_letters
from pendopo.store.queries.audit import verify_chain
from pendopo.testing import Story
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from structlog.testing import capture_logs

from tests.tampering import change_rows

SECRET = "123456:top-secret-token"


class Table(Row, registry=tables("uji")):
    """Rows of the plugin under test."""


class Catatan(Table, table=True):
    """A note."""

    teks: str


def make_plugin() -> tuple[Plugin, dict[str, Any]]:
    """A plugin that does everything a handler can do; `box` steers it and counts."""
    plugin = Plugin("uji", summary="Under test", policy="known", tables=Table)
    box: dict[str, Any] = {"runs": 0, "fail": None, "gate": asyncio.Event(), "boss": 0}
    box["gate"].set()

    @plugin.command("catat")
    async def catat(ctx: Context, teks: RestOfText) -> None:
        box["runs"] += 1
        await ctx.save(Catatan(teks=teks))
        await ctx.reply(phrase("umum.pilihan", teks=f"tercatat {teks}"), buttons=[Button("umum.ya", tekan, teks)])
        await ctx.schedule(ctx.now, nanti, teks)
        ctx.audit("catat", teks)
        if box["fail"] is not None:
            raise box["fail"]

    @plugin.command("lambat")
    async def lambat(ctx: Context) -> None:
        await box["gate"].wait()
        await ctx.reply(phrase("umum.pilihan", teks="akhirnya"))

    @plugin.command("tanya")
    async def tanya(
        ctx: Context, apa: Annotated[str, Prompt("tanya.umum")], kenapa: Annotated[RestOfText, Prompt("tanya.umum")]
    ) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"{apa} karena {kenapa}"))

    @plugin.action()
    async def tekan(ctx: Context, teks: str) -> None:
        box["runs"] += 1
        await ctx.reply(phrase("umum.pilihan", teks=f"ditekan {teks}"))

    @plugin.job()
    async def nanti(ctx: Context, teks: str) -> None:
        box["boss"] += 1

    @plugin.command("pimpinan", policy="role:walikota")
    async def pimpinan(ctx: Context) -> None:
        box["runs"] += 1

    @plugin.policy("rusak")
    async def rusak(ctx: Context) -> Any:
        raise RuntimeError(SECRET)

    @plugin.command("terkunci", policy="rusak")
    async def terkunci(ctx: Context) -> None:
        box["runs"] += 1

    @plugin.on(Message)
    async def dengar(ctx: Context) -> None:
        box["heard"] = box.get("heard", 0) + 1

    return plugin, box


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[tuple[Story, dict[str, Any]]]:
    plugin, box = make_plugin()
    settings = Settings.model_validate({"adapters": {"telegram": {"token": SECRET}}})
    assert isinstance(settings.adapters.telegram, TelegramSettings)
    async with Story([plugin], database=f"sqlite:///{tmp_path}/x.db", settings=settings, raises=False) as story:
        yield story, box


World = tuple[Story, dict[str, Any]]


async def test_g1_a_delivery_is_acknowledged_only_when_it_is_on_the_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    story, _ = world
    written = asyncio.Event()
    original = story.app.database.write

    async def held_back(job: Any, **how: Any) -> Any:
        await written.wait()
        return await original(job, **how)

    monkeypatch.setattr(story.app.database, "write", held_back)
    delivering = asyncio.create_task(story.kadis.says("/catat satu"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not delivering.done()
    written.set()
    await delivering
    story.kadis.sees("tercatat satu")


async def test_g2_the_same_delivery_again_at_once_or_later_or_with_other_bytes_has_one_effect(world: World) -> None:
    story, box = world
    native = story.messenger.make_native("kadis", True, "kadis", story.clock.now(), text="/catat satu")
    forged = story.messenger.make_native("kadis", True, "kadis", story.clock.now(), text="/catat lain")
    forged.id = native.id
    await asyncio.gather(*(story.messenger.deliver(native) for _ in range(5)))
    await story.deliver(native, forged)
    await story.restart()
    await story.deliver(native)
    assert box["runs"] == 1
    assert [shown.text for shown in story.kadis.messages] == ["tercatat satu"]


async def test_g3_a_slow_handler_delays_its_own_chat_and_no_other_and_order_holds(world: World) -> None:
    story, box = world
    box["gate"].clear()
    for text in ("/lambat", "/catat satu", "/catat dua"):
        await story.messenger.deliver(story.messenger.make_native("kadis", True, "kadis", story.clock.now(), text=text))
    await story.messenger.deliver(story.messenger.make_native("sekda", True, "sekda", story.clock.now(), text="/catat cepat"))
    while not story.sekda.messages:
        await asyncio.sleep(0)
    assert story.kadis.messages == []
    box["gate"].set()
    await story.wait_until_idle()
    assert [shown.text for shown in story.kadis.messages] == ["akhirnya", "tercatat satu", "tercatat dua"]


@pytest.mark.parametrize("failure", [RuntimeError("broken"), UserError("umum.tidak_ada", nomor=7)])
async def test_g4_a_handler_that_does_not_finish_leaves_nothing_behind(world: World, failure: Exception) -> None:
    story, box = world
    box["fail"] = failure
    await story.kadis.says("/catat satu")
    await story.advance(minutes=1)
    assert await story.stored.list_rows(Catatan) == []
    assert await story.stored.list_buttons() == []
    assert await story.stored.list_reminders() == []
    assert await story.stored.list_audit_lines("catat") == []
    story.kadis.does_not_see("tercatat")
    assert box["boss"] == 0


async def test_g4_a_handler_that_failed_once_runs_again_and_everything_it_does_is_there_once(world: World) -> None:
    story, box = world
    box["fail"] = RuntimeError("for now")
    await story.kadis.says("/catat satu")
    box["fail"] = None
    await story.advance(seconds=5)
    assert [row.teks for row in await story.stored.list_rows(Catatan)] == ["satu"]
    assert [shown.text for shown in story.kadis.messages] == ["tercatat satu"]
    assert box["boss"] == 1


async def test_g5_what_a_dead_messenger_did_not_take_is_delivered_when_it_is_back_in_order(world: World) -> None:
    story, _ = world
    story.messenger.faults = [TemporarySendError("down")] * 3
    await story.kadis.says("/catat satu")
    await story.kadis.says("/catat dua")
    assert story.kadis.messages == []
    await story.advance(minutes=2)
    assert [shown.text for shown in story.kadis.messages] == ["tercatat satu", "tercatat dua"]


async def test_g5_what_can_never_be_delivered_is_a_dead_letter_that_can_be_sent_again(world: World) -> None:
    from pendopo.errors import PermanentSendError

    story, _ = world
    story.messenger.faults = [PermanentSendError("no")] * 3  # and for the plainer forms
    await story.kadis.says("/catat satu")
    (dead,) = await story.stored.list_deliveries(state="dead")
    assert "PermanentSendError" in dead.error
    assert dead.code
    await story.app.database.write(lambda c: dead_letters.reopen_letters(c, "delivery", str(dead.id)))
    await story.app.rescan_work()
    await story.wait_until_idle()
    story.kadis.sees("tercatat satu")


@pytest.mark.parametrize("command", ["/catat x", "/lambat", "/tanya", "/pimpinan", "/terkunci"])
async def test_g6_nobody_unknown_gets_through_by_any_command(world: World, command: str) -> None:
    story, box = world
    await story.stranger.says(command)
    assert box["runs"] == 0
    story.stranger.sees("belum terdaftar")


async def test_g6_a_policy_that_fails_is_a_refusal_and_says_nothing_of_why(world: World) -> None:
    story, box = world
    await story.kadis.says("/terkunci")
    assert box["runs"] == 0
    assert SECRET not in story.kadis.sees("tidak dapat diperiksa").text


async def test_g6_a_refusal_names_who_may_and_is_noted(world: World) -> None:
    story, box = world
    await story.kadis.says("/pimpinan")
    story.kadis.sees("hanya untuk Wali Kota")
    await story.walikota.says("/pimpinan")
    assert box["runs"] == 1
    assert len(await story.stored.list_audit_lines("gate.refused")) == 1


async def test_g6_a_button_touched_by_a_stranger_or_forged_or_taken_to_another_chat_does_nothing(world: World) -> None:
    story, box = world
    await story.kadis.says("/catat satu")
    token = story.kadis.last.buttons[0].token
    for actor, touched in ((story.stranger, token), (story.sekda, token), (story.kadis, "forged")):
        await actor.presses_token(touched, story.kadis.last)
    assert box["runs"] == 1
    assert {text for _, text in story.messenger.toasts} == {"Tombol ini tidak berlaku di sini."}
    await story.kadis.presses("ya")
    story.kadis.sees("ditekan satu")


async def test_g7_a_dialog_survives_a_restart_and_two_people_never_mix(world: World) -> None:
    story, _ = world
    await story.kadis.says("/tanya", group=True)
    await story.sekda.says("/tanya", group=True)
    kadis_prompt, sekda_prompt = story.group.messages
    await story.restart()
    await story.sekda.says("apel", group=True)  # not addressed to the question: chatter
    assert len(story.group.messages) == 2
    await story.sekda.says("rapat", group=True, to=sekda_prompt)
    await story.kadis.says("izin", group=True, to=sekda_prompt)  # another's question
    await story.kadis.says("izin", group=True, to=kadis_prompt)
    await story.restart()
    await story.sekda.says("mendesak", group=True, to=story.group.messages[2])
    await story.kadis.says("sakit", group=True, to=story.group.messages[3])
    assert [shown.text for shown in story.group.messages[4:]] == ["rapat karena mendesak", "izin karena sakit"]


async def test_g10_a_delivery_nobody_can_read_is_kept_aside_and_the_rest_goes_on(world: World) -> None:
    story, _ = world
    assert story.messenger.host is not None
    from pendopo.adapters.contract import Incoming

    await story.messenger.host.accept([Incoming("bad", "message", "kadis", b"not json")])
    await story.kadis.says("/catat satu")
    story.kadis.sees("tercatat satu")
    (bad,) = await story.stored.list_inbox(native_id="bad")
    assert bad.state == "dead"
    assert bad.error.startswith("unreadable")


async def test_g11_a_secret_in_an_error_reaches_no_chat_no_row_and_no_log_line(world: World) -> None:
    story, box = world
    box["fail"] = RuntimeError(f"https://api.example/bot{SECRET}/send failed")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with capture_logs() as lines:
        await story.kadis.says("/catat satu")
        await story.advance(minutes=1)
    told = story.kadis.sees("kode").text
    (dead,) = await story.stored.list_inbox(state="dead")
    assert dead.code in told
    assert "•••" in dead.error
    assert SECRET not in told + dead.error
    said = [str({k: v for k, v in line.items() if k != "exc_info"}) for line in lines]
    assert not any(SECRET in line for line in said)
    assert any(dead.code in line for line in said)


async def test_g9_every_line_of_the_audit_log_is_bound_to_the_one_before(world: World) -> None:
    story, _ = world
    for number in range(5):
        await story.kadis.says(f"/catat {number}")
    database = story.app.database
    assert (await verify_chain(database)).broken_at == 0
    with pytest.raises(DBAPIError, match="only appended to"):
        await change_rows(database, "audit", {"id": 3}, object="X")
    guard = "ALTER TABLE audit DISABLE TRIGGER ALL" if database.postgres else "DROP TRIGGER audit_no_update"
    await database.write(lambda c: c.execute(guard))
    await change_rows(database, "audit", {"id": 3}, at=1)
    assert (await verify_chain(database)).broken_at == 3


async def test_what_a_handler_read_is_still_so_when_it_commits(world: World) -> None:
    """Two handlers that decide on the same row: the second runs again on what is true then."""
    story, _ = world
    from pendopo.errors import StaleError
    from pendopo.store import Unit

    database = story.app.database
    first = Unit(database)
    note = await first.save(Catatan(teks="awal"))
    await first.commit()
    one, two = Unit(database), Unit(database)
    mine = await one.get(Catatan, note.id or 0)
    yours = await two.first(select(Catatan))
    assert mine is not None
    assert yours is not None
    mine.teks = "saya"
    yours.teks = "anda"
    await one.commit()
    with pytest.raises(StaleError):
        await two.commit()
    assert [row.teks for row in await story.stored.list_rows(Catatan)] == ["saya"]
