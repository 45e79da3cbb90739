"""What Telegram limits, moves and closes: nothing is lost, nothing comes twice, and nobody is annoyed."""

from pathlib import Path

from pendopo.testing import Stored
from pendopo_izin import plugin as izin

from tests.tampering import add_rows

from .fake.state import BOT
from .lapor import LONG, REPLIES, lapor
from .town import FORUM, KADIS, SEKDA, open_town, texts


async def test_a_long_answer_comes_in_parts_that_keep_to_the_limits(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        await told.says(KADIS, FORUM, "/panjang")
        while len(told.screen(FORUM)) < 25:
            await told.advance(seconds=10)
        assert "".join("".join(texts(told, FORUM)).split()) == "".join(LONG.split())
        assert told.api.codes[429] == told.api.codes[400] == 0


async def test_a_restart_in_a_flood_is_no_excuse_for_more(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        await told.says(KADIS, FORUM, "/banjir")
        await told.advance(seconds=18)
        assert len(told.screen(FORUM)) == 18
        await told.restart()
        while len(told.screen(FORUM)) < REPLIES:
            await told.advance(seconds=30)
        assert texts(told, FORUM) == [f"baris {number}" for number in range(REPLIES)]
        assert told.api.codes[429] == 0


async def test_a_group_flooded_with_a_hundred_replies_is_never_told_to_slow_down(tmp_path: Path) -> None:
    """The server allows 1 a second in a chat, 20 a minute in a group, and 30 a second in all; its clock is the bot's."""
    async with open_town(tmp_path, [lapor]) as told:
        begun = told.clock.now()
        await told.says(KADIS, FORUM, "/banjir")
        while len(told.screen(FORUM)) < REPLIES:
            await told.advance(seconds=30)
        assert texts(told, FORUM) == [f"baris {number}" for number in range(REPLIES)]
        assert told.api.codes[429] == 0
        assert (told.clock.now() - begun).total_seconds() < 400  # and it does not dawdle: 18 a minute


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin, lapor]) as told:
        old, new = told.api.state.group(-987654321, "Tim Kecil"), -1009876543210
        await told.says(KADIS, old, "/banjir")
        assert len(told.screen(old)) == 1
        await told.people.upgrades(KADIS, old, new)
        await told.settle()
        await told.app.rescan_work()  # what the app itself does every few seconds
        while len(told.screen(new)) < REPLIES - 1:
            await told.advance(seconds=30)
        assert texts(told, new) == [f"baris {number}" for number in range(1, REPLIES)]


async def test_what_waits_when_a_group_moves_comes_once(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        old, new = told.api.state.group(-987654321, "Tim Kecil"), -1009876543210
        await told.says(KADIS, old, "/hujan")
        await told.people.upgrades(KADIS, old, new)
        await told.settle()
        await told.advance(seconds=30)
        assert texts(told, old) + texts(told, new) == [f"tetes {number}" for number in range(5)]


async def test_a_forum_that_moves_is_the_same_forum(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        old, new = told.api.state.group(-987654321, "Forum Kecil"), -1009876543210
        await add_rows(told.app.database, "forum", [{"name": "Kecil"}])
        await add_rows(told.app.database, "forum_chat", [{"chat": f"telegram:{old}", "forum": "Kecil"}])
        await told.people.upgrades(KADIS, old, new)
        await told.settle()
        assert [each.chats for each in told.app.core.people.forums] == [(f"telegram:{new}",)]


async def test_a_group_that_moved_is_followed_also_when_only_the_server_says_so(tmp_path: Path) -> None:
    """The update that tells of the move comes later, or never: then the refusal of a send is what tells."""
    async with open_town(tmp_path, [lapor]) as told:
        old, new = told.api.state.group(-987654321, "Tim Kecil"), -1009876543210
        await told.says(KADIS, old, "/banjir")
        told.api.state.group(new, "Tim Kecil")
        told.api.state.rooms[old].moved = new
        while len(told.screen(new)) < REPLIES - 1:
            await told.advance(seconds=30)
        assert texts(told, new) == [f"baris {number}" for number in range(1, REPLIES)]


async def test_whoever_asked_is_told_that_somebody_cannot_be_reached(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        told.api.state.rooms[SEKDA].closed = "Forbidden: bot can't initiate conversation with a user"
        await told.says(KADIS, FORUM, "/izin rakor besok jam 9")
        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=10)
        link = f"https://t.me/{BOT['username'].lower()}?start=buka"
        assert any("belum membuka percakapan pribadi" in text and link in text for text in texts(told, FORUM))
        assert told.api.codes[403] == 1
        await told.says(KADIS, FORUM, "/izin sakit besok")
        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=10)
        assert told.api.codes[403] == 1  # it is known now, also of somebody who never wrote to the bot
        told.api.state.rooms[SEKDA].closed = ""
        await told.says(SEKDA, SEKDA, "/start buka")
        await told.advance(seconds=10)
        assert any("meminta izin" in text and "Rakor" in text for text in texts(told, SEKDA))
        await told.touches(SEKDA, SEKDA, "Setujui")
        await told.advance(seconds=10)
        assert any("Disetujui Sekda" in text for text in texts(told, FORUM))


async def test_who_takes_the_bot_back_is_written_to_again(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.says(SEKDA, SEKDA, "halo")
        await told.people.blocks(SEKDA)
        await told.people.unblocks(SEKDA)
        await told.settle()
        await told.says(KADIS, FORUM, "/izin rakor besok jam 9")
        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=10)
        assert told.api.codes[403] == 0
        assert "Setujui" in told.screen(SEKDA)[-1].buttons


async def test_who_blocks_the_bot_is_not_written_to_again(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.says(SEKDA, SEKDA, "/izin tunggu")
        await told.people.blocks(SEKDA)
        await told.settle()
        await told.says(KADIS, FORUM, "/izin rakor besok jam 9")
        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=10)
        assert told.api.codes[403] == 0
        assert not {row.state for row in await Stored(told.app.database).list_deliveries()} & {"open", "sending"}
