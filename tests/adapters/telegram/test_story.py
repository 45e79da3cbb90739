"""Three phones on Telegram: a whole bot, its database, and a server that refuses whatever the real one would."""

from pathlib import Path

import pytest
from pendopo.testing import Stored
from pendopo.testing.conformance import PNG
from pendopo_izin import plugin as izin

from .lapor import lapor
from .town import FORUM, KADIS, SEKDA, STRANGER, open_town, texts


async def test_asked_in_the_group_decided_in_private_by_one_touch(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
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
        assert list(request.buttons) == ["Setujui", "Tolak…", "Tanya…"]

        await told.touches(SEKDA, SEKDA, "Setujui")
        await told.advance(seconds=5)
        assert "isetujui" in texts(told, FORUM)[0]
        assert not told.screen(FORUM)[0].buttons
        assert not told.screen(SEKDA)[0].buttons
        assert any("isetujui" in text for text in texts(told, KADIS))
        assert told.api.codes[429] == told.api.codes[400] == told.api.codes[403] == 0


async def test_a_command_for_another_bot_is_left_to_it(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.says(KADIS, FORUM, "/izin@bot_lain_bot sakit hari ini")
        assert told.screen(FORUM) == []


async def test_an_update_nobody_can_read_is_a_dead_letter_and_its_chat_goes_on(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        broken = {"chat": told.api.state.rooms[FORUM].native, "date": 1, "text": "/hujan"}  # it has no id
        await told.api.put("message", broken)
        await told.says(KADIS, FORUM, "/lapor banjir", photos=[PNG])
        await told.advance(seconds=3)
        assert texts(told, FORUM) == ["banjir: 1 foto"]
        (dead,) = await Stored(told.app.database).list_inbox(state="dead")
        assert (dead.kind, dead.error) == ("message", "unreadable: UnreadableError: a message without an id")
        assert dead.code


async def test_an_album_is_one_report_with_its_words_under_the_last_photo(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        await told.says(KADIS, FORUM, "/lapor jalan rusak di Dago", photos=[PNG, PNG + b"2", PNG + b"3"])
        assert told.screen(FORUM) == []  # it is not known yet whether that was all
        await told.advance(seconds=3)
        (shown,) = told.screen(FORUM)
        assert shown.text == "jalan rusak di Dago: 3 foto"
        assert list(shown.files) == [PNG]


async def test_two_photos_of_the_same_second_without_a_group_are_one_report(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        await told.people.says(KADIS, FORUM, "/lapor banjir", photos=[PNG, PNG + b"2"], grouped=False)
        await told.settle()
        await told.advance(seconds=3)
        assert texts(told, FORUM) == ["banjir: 2 foto"]


async def test_photos_that_come_late_are_added_to_their_report(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        await told.says(KADIS, FORUM, "/lapor banjir", photos=[PNG, PNG + b"2"])
        await told.advance(seconds=3)
        assert texts(told, FORUM) == ["banjir: 2 foto"]
        await told.people.adds_photo(KADIS, FORUM, PNG + b"3", "people-1")
        await told.settle()
        await told.advance(seconds=3)
        report, late = told.screen(FORUM)
        assert (report.text, late.text) == ("banjir: 2 foto", "1 foto menyusul")
        assert list(late.files) == [PNG + b"3"]


async def test_a_photo_that_comes_late_answers_no_question(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        await told.says(KADIS, KADIS, "/survei", photos=[PNG, PNG + b"2"])
        await told.advance(seconds=3)
        assert len(told.screen(KADIS)) == 1  # a question
        await told.people.adds_photo(KADIS, KADIS, PNG + b"3", "people-1")
        await told.settle()
        await told.advance(seconds=3)
        assert texts(told, KADIS)[1:] == ["1 foto menyusul"]
        await told.says(KADIS, KADIS, "Dago")
        await told.advance(seconds=3)
        assert texts(told, KADIS)[2:] == ["Dago: 2 foto"]


async def test_words_that_come_late_are_those_of_the_whole_album(tmp_path: Path) -> None:
    async with open_town(tmp_path, [lapor]) as told:
        for number in b"12":
            await told.people.adds_photo(KADIS, FORUM, PNG + bytes([number]), "a")
        await told.settle()
        await told.advance(seconds=3)
        assert texts(told, FORUM) == []
        await told.people.adds_photo(KADIS, FORUM, PNG + b"3", "a", "/lapor banjir")
        await told.settle()
        await told.advance(seconds=3)
        assert texts(told, FORUM) == ["banjir: 3 foto"]


@pytest.mark.parametrize("channel", ["", "Kanal Bu Rina"])
async def test_who_writes_under_another_name_is_nobody_until_they_say_who_they_are(tmp_path: Path, channel: str) -> None:
    async with open_town(tmp_path, [izin]) as told:
        asked = await told.people.says_hidden(FORUM, "/izin rakor Bappenas besok jam 9 di Jakarta", channel)
        await told.settle()
        (card,) = told.screen(FORUM)
        assert card.reply_to == str(asked)
        token = told.api.state.rooms[FORUM].posts[int(card.id)].buttons[0]["callback_data"]
        await told.touches(STRANGER, FORUM, "Ini saya")
        assert len(told.screen(FORUM)) == 1
        assert "belum terdaftar" in told.api.state.toasts[-1][1]
        await told.touches(KADIS, FORUM, "Ini saya")
        await told.advance(seconds=2)
        note, draft = told.screen(FORUM)
        assert "Rina Hidayat" in note.text or "Kadis PU" in note.text
        assert not note.buttons
        assert "Bappenas" in draft.text
        assert draft.reply_to == str(asked)
        await told.people.sends_token(SEKDA, FORUM, int(card.id), token)
        await told.settle()
        assert told.api.state.toasts[-1][1] == "Sudah dijawab oleh Kadis PU."
        await told.touches(SEKDA, FORUM, "Kirim")  # it is Rina's now, and nobody else's
        assert told.screen(SEKDA) == []
        await told.touches(KADIS, FORUM, "Kirim")
        await told.advance(seconds=3)
        assert "Bappenas" in texts(told, SEKDA)[0]


async def test_chatter_under_another_name_is_left_alone(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.people.says_hidden(FORUM, "Selamat pagi semua")
        await told.people.says_hidden(FORUM, "/perintahlain")
        await told.settle()
        assert told.screen(FORUM) == []


async def test_an_answer_in_a_topic_stays_in_it(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        room = told.api.state.rooms[told.api.state.group(-1002234567890, "Balai Kota", forum=True)]
        room.threads.add(4)
        await told.people.says(KADIS, room.id, "/izin rakor Bappenas besok jam 9 di Jakarta", thread=4, is_topic_message=True)
        await told.settle()
        await told.touches(KADIS, room.id, "Kirim")
        await told.advance(seconds=5)
        assert {post.thread for post in room.posts.values()} == {4}
        assert len(room.posts) == 2


async def test_what_a_person_quotes_can_be_had(tmp_path: Path) -> None:
    """Telegram gives no message by its id; what is quoted comes with the quoting."""
    async with open_town(tmp_path, [lapor]) as told:
        (said,) = await told.says(SEKDA, FORUM, "Rapat besok jam 9 di aula")
        await told.says(KADIS, FORUM, "/kutip", reply_to=said)
        assert texts(told, FORUM) == ["Rapat besok jam 9 di aula"]
