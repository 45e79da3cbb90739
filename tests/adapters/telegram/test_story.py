"""Three phones on Telegram: a whole bot, its database, and a server that refuses whatever the real one would."""

from pathlib import Path

from bot import Context, Photo, Plugin, Rest, say
from plugins.izin import plugin as izin
from tests.adapters.conformance import PNG

from .town import FORUM, KADIS, SEKDA, STRANGER, Town, town

REPLIES = 100
lapor = Plugin("lapor", summary="Laporan", policy="known")


@lapor.command("lapor")
async def laporkan(ctx: Context, foto: list[Photo], isi: Rest) -> None:
    """Take a report with its photos, and show the first one again."""
    await ctx.reply(say("umum.pilihan", teks=f"{isi}: {len(foto)} foto"), photo=foto[0])


@lapor.command("banjir")
async def banjir(ctx: Context) -> None:
    """Say very much at once."""
    for number in range(REPLIES):
        await ctx.reply(say("umum.pilihan", teks=f"baris {number}"))


def texts(told: Town, chat: int) -> list[str]:
    return [shown.text for shown in told.screen(chat)]


async def test_asked_in_the_group_decided_in_private_by_one_touch(tmp_path: Path) -> None:
    async with town(tmp_path, [izin]) as told:
        (asked,) = await told.says(KADIS, FORUM, "/izin@Kota_Test_Bot menghadiri rakor Bappenas besok jam 9 di Jakarta")
        (card,) = told.screen(FORUM)
        assert card.reply_to == str(asked)
        assert "rakor Bappenas" in card.text

        await told.touches(STRANGER, FORUM, "Kirim")
        assert told.screen(SEKDA) == []
        assert told.api.state.toasts[-1][1]  # the stranger was told why not, and nobody else

        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=3)
        (request,) = told.screen(SEKDA)
        assert "rakor Bappenas" in request.text
        assert list(request.buttons) == ["Setujui", "Tolak…"]

        await told.touches(SEKDA, SEKDA, "Setujui")
        await told.advance(seconds=5)
        assert "isetujui" in texts(told, FORUM)[0]
        assert not told.screen(FORUM)[0].buttons
        assert not told.screen(SEKDA)[0].buttons
        assert any("isetujui" in text for text in texts(told, KADIS))
        assert told.api.codes[429] == told.api.codes[400] == told.api.codes[403] == 0


async def test_a_command_for_another_bot_is_left_to_it(tmp_path: Path) -> None:
    async with town(tmp_path, [izin]) as told:
        await told.says(KADIS, FORUM, "/izin@bot_lain_bot sakit hari ini")
        assert told.screen(FORUM) == []


async def test_an_album_is_one_report_with_its_words_under_the_last_photo(tmp_path: Path) -> None:
    async with town(tmp_path, [lapor]) as told:
        await told.says(KADIS, FORUM, "/lapor jalan rusak di Dago", photos=[PNG, PNG + b"2", PNG + b"3"])
        assert told.screen(FORUM) == []  # it is not known yet whether that was all
        await told.advance(seconds=3)
        (shown,) = told.screen(FORUM)
        assert shown.text == "jalan rusak di Dago: 3 foto"
        assert list(shown.files) == [PNG]


async def test_two_photos_of_the_same_second_without_a_group_are_one_report(tmp_path: Path) -> None:
    async with town(tmp_path, [lapor]) as told:
        await told.people.says(KADIS, FORUM, "/lapor banjir", photos=[PNG, PNG + b"2"], grouped=False)
        await told.settle()
        await told.advance(seconds=3)
        assert texts(told, FORUM) == ["banjir: 2 foto"]


async def test_a_group_flooded_with_a_hundred_replies_is_never_told_to_slow_down(tmp_path: Path) -> None:
    """The server allows 1 a second in a chat, 20 a minute in a group, and 30 a second in all; its clock is the bot's."""
    async with town(tmp_path, [lapor]) as told:
        begun = told.clock.now()
        await told.says(KADIS, FORUM, "/banjir")
        while len(told.screen(FORUM)) < REPLIES:
            await told.advance(seconds=30)
        assert texts(told, FORUM) == [f"baris {number}" for number in range(REPLIES)]
        assert told.api.codes[429] == 0
        assert (told.clock.now() - begun).total_seconds() < 400  # and it does not dawdle: 18 a minute


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(tmp_path: Path) -> None:
    async with town(tmp_path, [izin, lapor]) as told:
        old, new = told.api.state.group(-987654321, "Tim Kecil"), -1009876543210
        await told.says(KADIS, old, "/banjir")
        assert len(told.screen(old)) == 1
        await told.people.upgrades(KADIS, old, new)
        await told.settle()
        await told.app.outbox.start()  # what the app itself does every few seconds
        while len(told.screen(new)) < REPLIES - 1:
            await told.advance(seconds=30)
        assert texts(told, new) == [f"baris {number}" for number in range(1, REPLIES)]


async def test_who_blocks_the_bot_is_not_written_to_again(tmp_path: Path) -> None:
    async with town(tmp_path, [izin]) as told:
        await told.says(SEKDA, SEKDA, "/izin tunggu")
        await told.people.blocks(SEKDA)
        await told.settle()
        await told.says(KADIS, FORUM, "/izin sakit hari ini")
        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=10)
        assert told.api.codes[403] <= 1
        assert await told.app.database.read("SELECT count(*) FROM delivery WHERE state IN ('open', 'sending')") == [(0,)]
