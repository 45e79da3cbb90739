"""What a handler may do, seen by the people it does it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, time

import pytest
from pendopo import Button, Context, Document, Photo, Plugin, RestOfText, RouteName, Row, phrase
from pendopo.errors import PluginError
from pendopo.model import Phrase
from pendopo.testing import PROFILES, Story

from tests.tampering import change_rows


def words(text: str) -> Phrase:
    return phrase("umum.pilihan", teks=text)


def make_plugin() -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.command("halo")
    async def halo(ctx: Context) -> None:
        await ctx.reply(words("halo"), words("apa kabar"))

    @plugin.command("kabari")
    async def kabari(ctx: Context, isi: RestOfText) -> None:
        sekda = ctx.people.superior_of(ctx.person, ctx.now)
        assert sekda is not None
        sent = await ctx.notify(sekda, words(isi))
        await ctx.reply("umum.ya" if sent else "umum.tidak")

    @plugin.command("sebar")
    async def sebar(ctx: Context) -> None:
        from pendopo import Chat, ChatKind

        await ctx.send(Chat(ctx.chat.adapter, "forum", ChatKind.GROUP), words("pengumuman"))

    @plugin.command("pajang")
    async def pajang(ctx: Context, gambar: Photo) -> None:
        await ctx.reply(words("lihat"), photo=gambar, buttons=[Button("umum.ya", ganti)])

    @plugin.command("kembalikan")
    async def kembalikan(ctx: Context) -> None:
        for file in await ctx.files.list_attachments():
            await ctx.reply(words("ini"), file=file)
            await ctx.notify(ctx.person, words("itu"), file=file)

    @plugin.command("tanggal")
    async def tanggal(ctx: Context) -> None:
        await ctx.reply(words(f"{ctx.today} {ctx.at(ctx.today)} {ctx.at(ctx.today, time(7, 30)).time()}"))

    @plugin.command("tombol")
    async def tombol(ctx: Context) -> None:
        await ctx.reply(words("awal"), buttons=[Button("umum.ya", ganti, reusable=True)])

    @plugin.action()
    async def ganti(ctx: Context) -> None:
        await ctx.update(words("sudah"), buttons=[Button("umum.tidak", ganti)])

    @plugin.command("lanjut")
    async def lanjut(ctx: Context) -> None:
        await ctx.reply(words("sebentar"))
        await ctx.prompt_for(dua, a="satu")

    @plugin.command("dua")
    async def dua(ctx: Context, a: str, b: str) -> None:
        await ctx.reply(words(f"{a} {b}"))

    @plugin.command("langsung")
    async def langsung(ctx: Context) -> None:
        await ganti(ctx)

    return plugin


@pytest.fixture
async def story(profile: str) -> AsyncIterator[Story]:
    async with Story([make_plugin()], profile=profile) as told:
        yield told


async def test_a_reply_stands_on_lines_and_in_a_group_quotes_what_it_answers(story: Story) -> None:
    await story.kadis.says("/halo")
    assert (story.kadis.last.text, story.kadis.last.reply_to) == ("halo\napa kabar", "")
    await story.kadis.says("/halo", group=True)
    assert story.group.last.reply_to == "n3"


async def test_notify_reaches_a_person_privately_also_when_they_never_wrote(story: Story) -> None:
    await story.kadis.says("/kabari ada tamu", group=True)
    assert story.sekda.last.text == "ada tamu"
    assert story.group.last.text == "ya"


async def test_send_says_something_elsewhere(story: Story) -> None:
    await story.kadis.says("/sebar")
    assert story.group.last.text == "pengumuman"
    assert story.kadis.messages == []


async def test_a_photo_is_shown_with_words_and_buttons_and_comes_from_our_own_store(story: Story) -> None:
    await story.kadis.says("/pajang", photos=[b"jpeg"])
    shown = story.kadis.last
    assert shown.text.startswith("lihat")
    assert isinstance(shown.content, Photo)
    assert story.app.core.blobs.path(shown.content.blob).read_bytes() == b"jpeg"


async def test_a_file_is_shown_as_what_it_is_in_an_answer_and_in_a_notice(story: Story) -> None:
    await story.kadis.says("/kembalikan", photos=[b"jpeg"], files=[("surat.txt", b"surat")])
    assert {type(shown.content) for shown in story.kadis.messages} == {Photo, Document}
    assert len(story.kadis.messages) == 4


async def test_today_is_the_day_that_people_have_and_not_that_of_utc(story: Story) -> None:
    await story.advance(hours=15)  # twenty past one at night in Bandung, the evening before in UTC
    assert story.clock.now().date().isoformat() == "2026-08-12"
    await story.kadis.says("/tanggal")
    assert story.kadis.last.text == "2026-08-13 2026-08-13 00:00:00+07:00 07:30:00"


async def test_update_changes_the_message_that_was_touched_and_its_buttons(story: Story) -> None:
    await story.kadis.says("/tombol")
    await story.kadis.presses("ya")
    changed = story.kadis.last
    assert changed.text.startswith("sudah")
    assert len(story.kadis.messages) == (1 if PROFILES[story.messenger.profile].edit else 2)
    await story.kadis.presses("tidak", on=changed)
    assert story.kadis.last.text.startswith("sudah")


async def test_update_without_a_touch_is_a_reply(story: Story) -> None:
    await story.kadis.says("/langsung")
    assert story.kadis.last.text.startswith("sudah")


async def test_ask_goes_on_with_another_route_and_asks_only_for_what_is_not_known(story: Story) -> None:
    await story.kadis.says("/lanjut")
    assert [shown.text for shown in story.kadis.messages] == ["sebentar", "Mohon tuliskan b."]
    await story.kadis.says("dua")
    assert story.kadis.last.text == "satu dua"


async def test_who_reads_english_is_spoken_to_in_english_in_private_and_by_notice(story: Story) -> None:
    for name in ("Rina Hidayat", "Bambang Suryana"):
        await change_rows(story.app.database, "person", {"name": name}, locale="en")
    await story.app.core.directory.load(story.clock.now())
    await story.kadis.says("/kabari x")
    assert story.kadis.last.text == "yes"
    await story.kadis.says("/kabari")
    assert story.kadis.last.text == "Please write isi."
    await story.kadis.says("/kabari x", group=True)
    assert story.group.last.text == "ya"
    await story.kadis.says("/tombol")
    card = story.kadis.last
    assert "yes" in card.text + str(card.buttons)
    await story.kadis.presses("yes")
    assert "no" in story.kadis.last.text + str(story.kadis.last.buttons)


def make_sender() -> Plugin:
    """Sends one document by each verb."""
    plugin = Plugin("kirim", summary="Under test", policy="known")

    async def make_file(ctx: Context) -> Document:
        return await ctx.files.make_document("rekap.csv", b"a;b\n", "text/csv")

    @plugin.command("balas")
    async def balas(ctx: Context) -> None:
        await ctx.reply(words("ini"), document=await make_file(ctx))

    @plugin.command("kirim")
    async def kirim(ctx: Context) -> None:
        await ctx.send(ctx.chat, words("ini"), document=await make_file(ctx))

    @plugin.command("berkas")
    async def berkas(ctx: Context) -> None:
        await ctx.send(ctx.chat, words("ini"), file=await make_file(ctx))

    @plugin.command("kabari")
    async def kabari(ctx: Context) -> None:
        await ctx.notify(ctx.person, words("ini"), document=await make_file(ctx))

    @plugin.command("ubah")
    async def ubah(ctx: Context) -> None:
        sent = await ctx.reply(words("awal"))
        await ctx.edit(sent, words("ini"), document=await make_file(ctx))

    @plugin.command("perbarui")
    async def perbarui(ctx: Context) -> None:
        await ctx.reply(words("awal"), buttons=[Button("umum.ya", ganti)])

    @plugin.action()
    async def ganti(ctx: Context) -> None:
        await ctx.update(words("ini"), document=await make_file(ctx))

    return plugin


@pytest.mark.parametrize("command", ["balas", "kirim", "berkas", "kabari", "ubah", "perbarui"])
async def test_every_verb_carries_a_document(command: str) -> None:
    async with Story([make_sender()]) as story:
        await story.kadis.says(f"/{command}")
        if command == "perbarui":
            await story.kadis.presses("ya")
        story.kadis.sees("ini")
        files = [shown.content for shown in story.kadis.messages if isinstance(shown.content, Document)]
        assert [file.name for file in files] == ["rekap.csv"]


async def ask(call: Callable[[Context], Awaitable[object]]) -> str:
    """What a handler's call is refused with."""
    plugin = Plugin("tolak", summary="Under test", policy="known")
    told: list[str] = []

    @plugin.command("coba")
    async def coba(ctx: Context) -> None:
        with pytest.raises(PluginError) as refused:
            await call(ctx)
        told.append(str(refused.value))

    async with Story([plugin]) as story:
        await story.kadis.says("/coba")
    return told[0]


NAIVE = datetime(2026, 8, 12, 11, tzinfo=UTC).replace(tzinfo=None)
YES = RouteName("tolak.coba")
PICTURE, PAPER = Photo("0" * 64), Document("0" * 64, "a.pdf")


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda ctx: ctx.reply("uji.x", photo=3), "photo= takes a stored file, not int"),
        (lambda ctx: ctx.reply("uji.x", document=PICTURE), "document= takes a stored file, not Photo"),
        (lambda ctx: ctx.send(ctx.chat, "uji.x", file="a.pdf"), "file= takes a stored file, not str"),
        (lambda ctx: ctx.reply("uji.x", photo=PICTURE, document=PAPER), "a message carries one file"),
        (lambda ctx: ctx.reply("uji.x", secret=True, document=PAPER), "a secret reply carries no file"),
        (lambda ctx: ctx.update("uji.x", dokumen=PAPER), "dokumen= of the sentence uji.x: a Document is no word"),
        (
            lambda ctx: ctx.reply("uji.x", button=[Button("umum.ya", YES)]),
            "button= of the sentence uji.x: a Button is",
        ),
        (lambda ctx: ctx.reply("uji.x", buttons=Button("umum.ya", YES)), "buttons= takes a list of Button"),
        (lambda ctx: ctx.reply("uji.x", buttons=["umum.ya"]), "buttons= takes a list of Button"),
        (
            lambda ctx: ctx.schedule(NAIVE, RouteName("tolak.coba")),
            "2026-08-12 11:00 is a time without a zone",
        ),
        (
            lambda ctx: ctx.reply("uji.x", d=NAIVE),
            "d= of the sentence uji.x: 2026-08-12 11:00 is a time without",
        ),
    ],
)
async def test_what_a_call_does_not_know_is_refused(call: Callable[[Context], Awaitable[object]], why: str) -> None:
    assert (await ask(call)).startswith(why)


async def test_a_context_whose_handler_has_returned_refuses() -> None:
    plugin = Plugin("nanti", summary="Under test", policy="known")
    going = asyncio.Event()
    told: list[str] = []

    @plugin.command("coba")
    async def coba(ctx: Context) -> None:
        async def later() -> None:
            await going.wait()
            for call in (ctx.reply("umum.ya"), ctx.quoted_text(), ctx.schedule(ctx.now, coba), ctx.get(Row, 1)):
                try:
                    await call
                except PluginError as refused:
                    told.append(str(refused))
            with pytest.raises(PluginError, match="is over"):
                ctx.audit("nanti.coba")

        tasks.append(asyncio.create_task(later()))
        await ctx.reply("umum.tidak")

    tasks: list[asyncio.Task[None]] = []
    async with Story([plugin]) as story:
        await story.kadis.says("/coba")
        story.kadis.sees("tidak")
        going.set()
        await tasks[0]
        assert len(told) == 3  # only reading what was quoted needs nothing of the handler
        assert told[0].startswith(
            "the context of nanti.coba is over, since it has returned: await the work in it, or let a job do it"
        )
        story.kadis.does_not_see("ya")


async def test_a_reply_in_a_job_by_cron_says_what_to_use() -> None:
    plugin = Plugin("jadwal", summary="Under test", policy="known")

    @plugin.job(cron="0 7 * * mon-fri", policy="system")
    async def pagi(ctx: Context) -> None:
        await ctx.reply("umum.ya")

    with pytest.raises(PluginError, match=r"jadwal\.pagi runs by cron and is in no chat: use ctx\.send"):
        async with Story([plugin]) as story:
            await story.advance(days=1)


async def test_a_job_by_cron_writes_to_people_and_chats() -> None:
    plugin = Plugin("jadwal", summary="Under test", policy="known")

    @plugin.job(cron="0 7 * * mon-fri", policy="system")
    async def pagi(ctx: Context) -> None:
        (sekda,) = ctx.people.with_role("sekda", ctx.now)
        file = await ctx.files.make_document("rekap.csv", b"a;b\n", "text/csv")
        await ctx.notify(sekda, words("untuk Anda"), document=file)
        group = ctx.group("memory:forum")
        assert group is not None
        await ctx.send(group, words("rekap"), document=file)

    async with Story([plugin]) as story:
        await story.advance(days=1)
        story.sekda.sees("untuk Anda")
        assert story.read_file(story.group.sees("rekap")) == b"a;b\n"
