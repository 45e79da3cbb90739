"""No path to a handler goes around the gate, and what the gate cannot answer it answers with no."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pendopo import Button, Context, Decision, Message, Plugin, RestOfText, UserError, phrase
from pendopo.adapters.contract import Incoming
from pendopo.model import Event
from pendopo.testing import Story

from tests.tampering import change_rows


def make_plugin() -> tuple[Plugin, dict[str, Any]]:
    plugin = Plugin("uji", summary="Under test", policy="known")
    box: dict[str, Any] = {"ran": [], "rule": None, "args": None}

    @plugin.policy("aturan")
    async def aturan(ctx: Context, nomor: int) -> Any:
        box["args"] = nomor
        if isinstance(box["rule"], Exception):
            raise box["rule"]
        return box["rule"]

    @plugin.command("dijaga", policy="aturan")
    async def dijaga(ctx: Context, nomor: int) -> None:
        box["ran"].append("command")

    @plugin.action(policy="aturan")
    async def aksi(ctx: Context, nomor: int) -> None:
        box["ran"].append("action")

    @plugin.job(policy="aturan")
    async def tugas(ctx: Context, nomor: int) -> None:
        box["ran"].append("job")

    @plugin.on(Message, policy="role:sekda")
    async def dengar(ctx: Context) -> None:
        box["ran"].append("on")

    @plugin.command("sistem", policy="system")
    async def sistem(ctx: Context) -> None:
        box["ran"].append("system")

    @plugin.job(policy="system")
    async def tugas_sistem(ctx: Context) -> None:
        box["ran"].append("system job")

    @plugin.command("buka")
    async def buka(ctx: Context, jenis: str) -> None:
        if jenis == "tombol":
            await ctx.reply(phrase("umum.pilihan", teks="pilih"), buttons=[Button("umum.ya", aksi, 5, reusable=True)])
        elif jenis == "tugas":
            await ctx.schedule(ctx.now, tugas, 5)
            await ctx.schedule(ctx.now, tugas_sistem)
        else:
            await ctx.prompt_for(dijaga, nomor=5)

    @plugin.command("siapa", policy="anyone")
    async def siapa(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"hai {ctx.person.name}"))

    @plugin.command("jabatan", policy="role:sekda,walikota")
    async def jabatan(ctx: Context, teks: RestOfText = "") -> None:
        box["ran"].append("role")

    return plugin, box


World = tuple[Story, dict[str, Any]]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    plugin, box = make_plugin()
    async with Story([plugin], raises=False) as story:
        yield story, box


WAYS = {"command": "/dijaga 5", "action": "/buka tombol", "job": "/buka tugas", "question": "/buka tanya"}


async def walk(story: Story, way: str) -> None:
    await story.kadis.says(WAYS[way])
    if way == "action":
        await story.kadis.presses("ya")
    await story.advance(seconds=1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("answer", [1, "yes", None, object(), [True], RuntimeError("down"), KeyError("x"), SystemError()])
async def test_only_a_decision_or_true_is_a_yes_on_every_way(world: World, way: str, answer: Any) -> None:
    story, box = world
    box["rule"] = answer
    await walk(story, way)
    assert [ran for ran in box["ran"] if ran != "system job"] == []
    assert box["args"] == 5
    told = story.kadis.toast or story.kadis.last.text
    assert "tidak dapat diperiksa" in told


@pytest.mark.parametrize("way", WAYS)
async def test_a_yes_opens_every_way(world: World, way: str) -> None:
    story, box = world
    box["rule"] = Decision(True, "test")
    await walk(story, way)
    assert [ran for ran in box["ran"] if ran != "system job"] == [{"question": "command"}.get(way, way)]


@pytest.mark.parametrize("way", WAYS)
async def test_a_rule_may_say_true_or_false(world: World, way: str) -> None:
    story, box = world
    box["rule"] = False
    await walk(story, way)
    assert [ran for ran in box["ran"] if ran != "system job"] == []
    assert "Anda tidak berhak" in (story.kadis.toast or story.kadis.last.text)
    assert story.failures == []
    box["rule"] = True
    await walk(story, way)
    assert [ran for ran in box["ran"] if ran != "system job"] == [{"question": "command"}.get(way, way)]


async def test_what_a_rule_returned_instead_is_named_with_its_place(world: World) -> None:
    story, box = world
    box["rule"] = None
    await story.kadis.says("/dijaga 5")
    assert "test_gate.py:" in str(story.failures[0])
    assert "returned None: return a Decision or a bool" in str(story.failures[0])


@pytest.mark.parametrize("way", WAYS)
async def test_a_no_says_why_in_the_rules_own_words_and_is_noted(world: World, way: str) -> None:
    story, box = world
    box["rule"] = Decision(False, "aturan", phrase("izin.bukan_pemohon", nomor=5))
    await walk(story, way)
    assert "izin.bukan_pemohon" in (story.kadis.toast or story.kadis.last.text)
    (refused,) = await story.stored.list_audit_lines("gate.refused")
    assert refused.object.startswith("uji.")
    assert "izin.bukan_pemohon" in (refused.body or "")


async def test_a_rule_may_refuse_with_a_sentence(world: World) -> None:
    story, box = world
    box["rule"] = UserError("umum.tidak_ada", nomor=5)
    await story.kadis.says("/dijaga 5")
    assert "Nomor 5 tidak ditemukan" in story.kadis.last.text


async def test_who_lost_their_post_before_the_time_came_is_refused(world: World) -> None:
    story, box = world
    box["rule"] = Decision(True, "test")
    await story.kadis.says("/buka tugas")
    await change_rows(story.app.database, "person", {"name": "Rina Hidayat"}, active=0)
    await story.app.core.directory.load(story.clock.now())
    await story.advance(seconds=1)
    assert box["ran"] == ["system job"]


async def test_what_only_the_engine_may_do_nobody_can_type(world: World) -> None:
    story, box = world
    await story.walikota.says("/sistem")
    assert box["ran"] == []
    assert "tidak dapat dijalankan dari percakapan" in story.walikota.last.text


async def test_a_listener_is_silent_for_whom_it_is_not(world: World) -> None:
    story, box = world
    await story.kadis.says("selamat pagi", group=True)
    await story.stranger.says("selamat pagi", group=True)
    assert box["ran"] == []
    await story.sekda.says("selamat pagi", group=True)
    assert box["ran"] == ["on"]
    assert story.group.messages == []


async def test_for_anyone_means_strangers_too_but_a_handler_that_needs_a_person_says_so(world: World) -> None:
    story, _ = world
    await story.stranger.says("/siapa")
    assert "belum terdaftar" in story.stranger.last.text


async def test_a_role_is_had_through_a_post(world: World) -> None:
    story, box = world
    await story.kadis.says("/jabatan")
    assert story.kadis.last.text == "Ini hanya untuk Wali Kota, Sekda."
    await story.sekda.says("/jabatan")
    await story.walikota.says("/jabatan")
    assert box["ran"] == ["role", "role"]


async def test_two_people_behind_one_account_are_nobody(world: World) -> None:
    story, box = world
    box["rule"] = Decision(True, "test")
    converting = story.messenger.convert
    import msgspec
    from pendopo.model import Account

    def both(incoming: Incoming) -> Sequence[Event]:
        account = Account(("memory:kadis", "memory:sekda"))
        return [msgspec.structs.replace(event, account=account) for event in converting(incoming)]

    story.messenger.convert = both
    await story.kadis.says("/dijaga 5")
    assert box["ran"] == []
    assert "perlu dikonfirmasi" in story.kadis.last.text


async def test_nobody_fills_the_disk_who_may_not_use_the_command(tmp_path: Path) -> None:
    from pendopo import Photo

    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("foto")
    async def foto(ctx: Context, gambar: Photo) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="tersimpan"))

    async with Story([plugin], raises=False) as story:
        blobs = story.app.core.blobs._folder
        await story.stranger.says("/foto", photos=[b"x" * 1000])
        assert not [path for path in blobs.glob("*/*") if path.is_file()]
        await story.kadis.says("/foto", photos=[b"x" * 1000])
        assert story.kadis.last.text == "tersimpan"
        assert len([path for path in blobs.glob("*/*") if path.is_file()]) == 1
