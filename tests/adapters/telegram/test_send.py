"""What goes out, as people see it, and what is asked of Telegram for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from pendopo.adapters.telegram.markup import format_html
from pendopo.adapters.telegram.media import LARGEST_PHOTO, LARGEST_UPLOAD
from pendopo.adapters.telegram.send import make_keyboard, split_rows
from pendopo.errors import ChatClosedError, ChatMovedError, PermanentSendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Album, Attachment, Chat, ChatKind, Choice, Document, Photo, Phrase, Poll, Text, TextRun
from pendopo.testing.conformance import PNG, make_text

from .bench import GROUP, TelegramBench, fake, open_bench
from .fake.markup import parse
from .fake.server import TOKEN, Fault


@pytest.fixture
async def ready(tmp_path: Path) -> AsyncIterator[TelegramBench]:
    async with fake() as api, open_bench(tmp_path, "polling", api) as made:
        yield made


def choices(*titles: str) -> list[Choice]:
    return [Choice(title, Phrase("x"), title) for title in titles]


# -- words ---------------------------------------------------------------------------------------------------------


def test_no_words_can_forge_markup() -> None:
    span = TextRun('</b><a href="x">&amp;', bold=True, url='https://x/?a="&b=<')
    text, entities = parse(format_html([span]))
    assert text == span.text
    assert [entity["type"] for entity in entities] == ["text_link", "bold"] or len(entities) == 2
    assert next(e["url"] for e in entities if e["type"] == "text_link") == span.url


def test_code_stands_alone_and_other_addresses_are_just_words() -> None:
    assert format_html([TextRun("x", code=True, bold=True)]) == "<code>x</code>"
    assert format_html([TextRun("x", url="javascript:alert(1)")]) == "x"
    assert format_html([TextRun(" ", bold=True), TextRun("\ud83d")]) == " \ufffd"


def test_buttons_stand_side_by_side_while_their_titles_are_short() -> None:
    made = split_rows(choices("Setujui", "Tolak", "Nanti", "Setujui semuanya", "Tolak semuanya", "Minta keterangan lagi", "Ya"))
    assert [len(row) for row in made] == [3, 2, 1, 1]


def test_a_token_too_long_is_refused_before_it_is_sent() -> None:
    assert make_keyboard([]) is None
    with pytest.raises(PermanentSendError):
        make_keyboard([Choice("é" * 33, Phrase("x"), "x")])


async def test_a_poll_is_nothing_for_telegram(ready: TelegramBench) -> None:
    with pytest.raises(PermanentSendError):
        await ready.adapter.send(ready.person, Poll(make_text("?"), tuple(choices("a", "b"))), "k")


async def test_links_are_not_unfolded_and_answers_find_their_topic(ready: TelegramBench) -> None:
    room = ready.api.state.rooms[ready.api.state.group(-1002234567890, "Balai Kota", forum=True)]
    room.threads.add(4)
    chat = Chat("telegram", "-1002234567890", ChatKind.GROUP, topic="4")
    await ready.adapter.send(chat, make_text("https://example.org"), "k")
    method, given = ready.api.calls[-1]
    assert (method, given["message_thread_id"]) == ("sendMessage", 4)
    assert given["link_preview_options"] == {"is_disabled": True}
    # A topic that was deleted meanwhile: what was to be said in it is said in the group.
    await ready.adapter.send(msgspec.structs.replace(chat, topic="5"), make_text("x"), "k")
    assert [(post.text, post.thread) for post in room.posts.values()] == [("https://example.org", 4), ("x", 0)]


async def test_a_toast_too_long_is_shortened(ready: TelegramBench) -> None:
    native = await ready.adapter.send(ready.person, make_text("?", "Ya"), "k")
    await ready.presses_button(ready.person, native, "Ya")
    await ready.wait_until_idle()
    await ready.adapter.answer_press(ready.api.state.queries.popitem()[0], "x")  # not known any more
    await ready.presses_button(ready.person, native, "Ya")
    await ready.adapter.answer_press(list(ready.api.state.queries)[-1], "panjang " * 40)
    assert len(ready.toasts()[-1]) == 200


# -- files ---------------------------------------------------------------------------------------------------------


def uploads(ready: TelegramBench) -> int:
    return sum(isinstance(value, tuple) for _, given in ready.api.calls for value in given.values())


async def test_a_file_is_uploaded_once(ready: TelegramBench) -> None:
    blob = ready.desk.store_blob(PNG)
    for _ in range(3):
        await ready.adapter.send(ready.person, Photo(blob), "k")
        await ready.adapter.send(ready.group, Album((Photo(blob), Photo(blob))), "k")
    assert uploads(ready) == 1


async def test_a_file_that_telegram_has_forgotten_is_uploaded_again(ready: TelegramBench) -> None:
    blob, other = ready.desk.store_blob(PNG), ready.desk.store_blob(PNG + b"2")
    album = Album((Photo(blob), Photo(other)))
    await ready.adapter.send(ready.person, album, "k")
    ready.api.state.files.clear()
    await ready.adapter.send(ready.person, Photo(blob), "k")
    await ready.adapter.send(ready.person, album, "k")
    assert [len(shown.files) for shown in ready.screen(ready.person)] == [1] * 5


async def test_the_same_bytes_under_another_name_are_another_file(ready: TelegramBench) -> None:
    blob = ready.desk.store_blob(PNG)
    await ready.adapter.send(ready.person, Document(blob, "a.png"), "k")
    await ready.adapter.send(ready.person, Document(blob, "../b.png"), "k")
    names = [post.file.name for post in ready.api.state.rooms[1000000001].posts.values() if post.file]
    assert names == ["a.png", "b.png"]


async def test_a_picture_that_is_none_goes_as_a_file(ready: TelegramBench) -> None:
    await ready.adapter.send(ready.person, Photo(ready.desk.store_blob(b"no picture"), make_text("Peta")), "k")
    await ready.adapter.send(ready.person, Photo(ready.desk.store_blob(PNG + bytes(LARGEST_PHOTO))), "k")
    posts = list(ready.api.state.rooms[1000000001].posts.values())
    assert [post.file.kind for post in posts if post.file] == ["document", "document"]
    assert posts[0].text == "Peta"


async def test_what_is_too_large_is_refused_before_it_is_read(ready: TelegramBench) -> None:
    blob = ready.desk.store_blob(b"x")
    with (ready.desk.folder / blob).open("r+b") as file:
        file.truncate(LARGEST_UPLOAD + 1)
    with pytest.raises(PermanentSendError):
        await ready.adapter.send(ready.person, Document(blob, "a"), "k")
    assert uploads(ready) == 0


async def test_more_than_a_bot_may_download_is_refused(ready: TelegramBench) -> None:
    large = ready.api.state.keep("document", bytes(20_000_001), "a")
    for size in (20_000_001, 0):  # said beforehand, or not
        with pytest.raises(PermanentSendError):
            async for _ in ready.adapter.download(Attachment("document", large.file_id, size=size)):
                pass


async def test_a_download_comes_in_pieces(ready: TelegramBench) -> None:
    file = ready.api.state.keep("document", bytes(300_000), "a")
    pieces = [piece async for piece in ready.adapter.download(Attachment("document", file.file_id))]
    assert len(pieces) > 1
    assert sum(map(len, pieces)) == 300_000


async def test_half_an_album_is_not_sent_a_second_time_in_silence(ready: TelegramBench) -> None:
    blobs = [ready.desk.store_blob(PNG + bytes([n])) for n in range(3)]
    ready.api.faults = [Fault("sendDocument", "502", "Bad Gateway")]
    with pytest.raises(UnknownOutcomeError):
        await ready.adapter.send(ready.person, Album((Photo(blobs[0]), Photo(blobs[1]), Document(blobs[2], "a"))), "k")


# -- changes -------------------------------------------------------------------------------------------------------


async def test_words_under_a_picture_change_too(ready: TelegramBench) -> None:
    native = await ready.adapter.send(ready.person, Photo(ready.desk.store_blob(PNG), make_text("lama", "Ya")), "k")
    await ready.adapter.edit(ready.person, native, make_text("baru"))
    assert [(s.text, list(s.buttons)) for s in ready.screen(ready.person)] == [("baru", [])]
    await ready.adapter.edit(ready.person, native, Photo("0" * 64, make_text("lagi", "Ya")))
    assert [(s.text, list(s.buttons)) for s in ready.screen(ready.person)] == [("lagi", ["Ya"])]


async def test_buttons_alone_change(ready: TelegramBench) -> None:
    native = await ready.adapter.send(ready.person, make_text("Setuju?", "Ya", "Tidak"), "k")
    await ready.adapter.edit(ready.person, native, Text())
    assert [(s.text, list(s.buttons)) for s in ready.screen(ready.person)] == [("Setuju?", [])]


@pytest.mark.parametrize("native", ["", "abc", "-5"])
async def test_what_is_no_message_cannot_be_changed(ready: TelegramBench, native: str) -> None:
    with pytest.raises(PermanentSendError):
        await ready.adapter.edit(ready.person, native, make_text("x"))


# -- what goes wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["hang after", "drop after", "garbage"])
async def test_a_send_without_an_answer_is_in_doubt_and_a_change_is_not(ready: TelegramBench, how: str) -> None:
    native = await ready.adapter.send(ready.person, make_text("satu"), "k")
    ready.api.faults = [Fault("sendMessage", how), Fault("editMessageText", how), Fault("answerCallbackQuery", how)]
    with pytest.raises(UnknownOutcomeError):
        await ready.adapter.send(ready.person, make_text("dua"), "k")
    with pytest.raises(TemporarySendError):
        await ready.adapter.edit(ready.person, native, make_text("tiga"))
    await ready.adapter.edit(ready.person, native, make_text("tiga"))
    with pytest.raises(TemporarySendError):
        await ready.adapter.answer_press("1", "x")
    assert [shown.text for shown in ready.screen(ready.person)] == ["tiga", "dua"]


async def test_a_server_that_cannot_be_reached_was_not_sent_anything(ready: TelegramBench) -> None:
    await ready.api.stop()
    with pytest.raises(TemporarySendError) as raised:
        await ready.adapter.send(ready.person, make_text("satu"), "k")
    assert TOKEN not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_who_never_started_the_bot_cannot_be_written_to(ready: TelegramBench) -> None:
    ready.api.state.person(5, "Orang Lain", started=False)
    for chat in ("5", "6"):
        with pytest.raises(ChatClosedError):
            await ready.adapter.send(Chat("telegram", chat), make_text("x"), "k")


async def test_a_group_that_moved_says_where_to(ready: TelegramBench) -> None:
    old = ready.api.state.group(-987654321, "Tim Kecil")
    await ready.people.upgrades(1000000001, old, -1009999999999)
    with pytest.raises(ChatMovedError) as raised:
        await ready.adapter.send(Chat("telegram", str(old), ChatKind.GROUP), make_text("x"), "k")
    assert raised.value.new_id == "-1009999999999"


async def test_every_call_is_one_that_telegram_documents(ready: TelegramBench) -> None:
    """The server refuses unknown methods, parameters and types, so that nothing of the above went through by luck."""
    assert {given.get("chat_id", GROUP) for _, given in ready.api.calls} == {GROUP}
    assert not ready.api.codes[404]
    assert not ready.api.codes[400]


async def test_what_is_quiet_makes_no_sound(ready: TelegramBench) -> None:
    for content in (make_text("malam"), Text(spans=(TextRun("malam"),), quiet=True)):
        await ready.adapter.send(ready.person, content, "k")
        assert ready.api.calls[-1][1].get("disable_notification", False) is content.quiet
