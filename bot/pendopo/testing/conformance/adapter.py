"""The conformance tests of every adapter."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from pendopo.errors import (
    ChatClosedError,
    InvalidWebhookError,
    PermanentSendError,
    SendError,
    TemporarySendError,
    UnknownOutcomeError,
)
from pendopo.model import (
    Album,
    Attachment,
    ButtonPress,
    Chat,
    ChatKind,
    Contact,
    Document,
    Event,
    Location,
    Message,
    Photo,
    Text,
    TextRun,
)
from pendopo.testing.conformance.recording_engine import PNG, AdapterHarness, Failure, make_text


class AdapterConformance:
    """The suite. A subclass provides the fixture `bench`: a running adapter and the people's side of its messenger."""

    pytestmark = pytest.mark.asyncio

    # -- what people do ------------------------------------------------------------------------------------------

    async def test_what_a_person_writes_privately_is_a_message_of_that_person(self, bench: AdapterHarness) -> None:
        native = await bench.sends_message(bench.person, "Selamat pagi 🌅 pak")
        await bench.wait_until_idle()
        message = bench.desk.last_event(Message)
        assert (message.text, message.chat.key, message.chat.kind) == (
            "Selamat pagi 🌅 pak",
            bench.person.key,
            ChatKind.PRIVATE,
        )
        assert message.key == native
        assert message.account
        assert not message.account.service
        assert not message.account.anonymous
        assert all(":" in alias for alias in message.account.aliases)
        assert abs(message.at - bench.desk.now()) < timedelta(days=1)

    async def test_the_same_person_is_known_by_the_same_alias_in_a_group(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.person, "satu")
        await bench.sends_message(bench.group, "dua")
        await bench.wait_until_idle()
        private, group = [event for event in bench.desk.events if isinstance(event, Message)]
        assert group.chat.kind is ChatKind.GROUP
        assert group.chat.key == bench.group.key
        assert group.account
        assert private.account
        assert group.account.id == private.account.id
        lent = bench.adapter.private_chat(group.account)
        assert lent is None or lent.key == private.chat.key

    async def test_lines_and_commands_arrive_as_they_were_typed(self, bench: AdapterHarness) -> None:
        text = "/izin besok jam 9\nRapat di Jakarta, <b>penting</b> & *mendesak*"
        for chat in _iter_chats(bench):
            await bench.sends_message(chat, text)
            await bench.wait_until_idle()
            message = bench.desk.last_event(Message)
            assert (message.text, message.chat.key) == (text, chat.key)

    async def test_naming_the_bot_is_addressing_it(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.group, f"😀 hai {bench.bot_name} tolong")
        await bench.sends_message(bench.group, "hai semua")
        await bench.wait_until_idle()
        assert [e.addressed for e in bench.desk.events if isinstance(e, Message)] == [True, False]

    async def test_a_reply_names_the_message_it_answers(self, bench: AdapterHarness) -> None:
        sent = await bench.adapter.send(bench.group, make_text("Siapa?"), "k1")
        await bench.sends_message(bench.group, "Saya", reply_to=sent)
        await bench.wait_until_idle()
        assert bench.desk.last_event(Message).reply_to == sent

    async def test_a_picture_comes_with_its_words_and_can_be_had(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.group, "/lapor jalan rusak", files=[PNG])
        await bench.wait_until_idle()
        message = bench.desk.last_event(Message)
        assert message.text == "/lapor jalan rusak"
        assert [file.kind for file in message.attachments] == ["photo"]
        assert b"".join([piece async for piece in bench.adapter.download(message.attachments[0])]) == PNG

    async def test_an_album_has_one_name_and_its_words_are_in_it(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.group, "tiga foto", files=[PNG, PNG + b"2", PNG + b"3"])
        await bench.wait_until_idle()
        parts = [event for event in bench.desk.events if isinstance(event, Message)]
        assert sum(len(part.attachments) for part in parts) == 3
        assert [part.text for part in parts if part.text] == ["tiga foto"]
        if len(parts) > 1:
            assert len({part.album for part in parts}) == 1
            assert parts[0].album
            assert [item.album for item in bench.desk.taken] == [part.album for part in parts]

    async def test_a_place_is_where_it_is(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.person, place=(-6.9147, 107.6098))
        await bench.wait_until_idle()
        place = bench.desk.last_event(Message).location
        assert (place.latitude, place.longitude) == (-6.9147, 107.6098)

    async def test_a_delivery_that_comes_twice_has_one_key(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.person, "sekali")
        await bench.wait_until_idle()
        await bench.repeats()
        await bench.wait_until_idle()
        assert [e.text for e in bench.desk.events if isinstance(e, Message)] == ["sekali"]

    async def test_what_could_not_be_stored_is_delivered_again(self, bench: AdapterHarness) -> None:
        bench.desk.refusing = 2
        await bench.sends_message(bench.person, "jangan hilang")
        await bench.wait_until_idle()
        assert bench.desk.attempts >= 3
        assert [e.text for e in bench.desk.events if isinstance(e, Message)] == ["jangan hilang"]

    async def test_conversion_is_pure_and_its_events_can_be_stored(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.person, "satu")
        await bench.wait_until_idle()
        _assert_pure(bench)
        await bench.sends_message(bench.group, "dua", files=[PNG])
        await bench.wait_until_idle()
        _assert_pure(bench)

    async def test_a_webhook_request_of_a_stranger_is_refused(self, bench: AdapterHarness) -> None:
        for body in (b"{}", b"", b"[]", b"\xff", b'{"update_id": 1, "entry": []}'):
            with pytest.raises(InvalidWebhookError):
                bench.adapter.receive(body, {})
        assert bench.desk.taken == []

    # -- what the bot does ---------------------------------------------------------------------------------------

    async def test_words_are_shown_as_they_are(self, bench: AdapterHarness) -> None:
        text = "Rapat <b>A&B</b> *x* _y_ `z` [t](u)\n\nPukul 09.00 – 10.00 😀"
        native = await bench.adapter.send(bench.person, make_text(text), "k1")
        (shown,) = bench.screen(bench.person)
        assert (shown.text, shown.id) == (text, native)

    async def test_styles_are_looks_and_not_letters(self, bench: AdapterHarness) -> None:
        if not bench.adapter.capabilities(bench.person).styles:
            return
        spans = (
            TextRun("Izin #1", bold=True),
            TextRun(" "),
            TextRun("a<b", italic=True),
            TextRun("\n"),
            TextRun("x&y", code=True),
        )
        await bench.adapter.send(bench.person, Text(spans=spans), "k1")
        shown = bench.screen(bench.person)[-1]
        assert "Izin #1" in shown.bold

    async def test_a_text_of_the_greatest_length_goes_through(self, bench: AdapterHarness) -> None:
        for number, chat in enumerate(_iter_chats(bench)):
            most = bench.adapter.capabilities(chat).text
            text = "&" * (most - 10) + "😀" * 5
            await bench.adapter.send(chat, make_text(text), f"k{number}")
            assert bench.screen(chat)[-1].text == text

    async def test_an_answer_quotes(self, bench: AdapterHarness) -> None:
        native = await bench.sends_message(bench.group, "/izin")
        await bench.wait_until_idle()
        await bench.adapter.send(bench.group, make_text("Kapan?"), "k1", native)
        assert bench.screen(bench.group)[-1].reply_to == native

    async def test_an_answer_to_what_is_gone_is_said_all_the_same(self, bench: AdapterHarness) -> None:
        await bench.adapter.send(bench.group, make_text("Kapan?"), "k1", "987654")
        assert bench.screen(bench.group)[-1].text == "Kapan?"

    async def test_a_touched_button_brings_its_token_back(self, bench: AdapterHarness) -> None:
        able = bench.adapter.capabilities(bench.person)
        if not able.buttons:
            return
        native = await bench.adapter.send(bench.person, make_text("Setuju?", "Setujui", "Tolak"), "k1")
        assert bench.screen(bench.person)[-1].buttons == ["Setujui", "Tolak"]
        await bench.presses_button(bench.person, native, "Tolak")
        await bench.wait_until_idle()
        press = bench.desk.last_event(ButtonPress)
        assert (press.token, press.message, press.chat.key) == ("t-Tolak", native, bench.person.key)
        assert press.account
        await bench.adapter.answer_press(press.key, "Ditolak" if able.toasts else "")
        await bench.adapter.answer_press(press.key, "")
        assert not able.toasts or "Ditolak" in bench.toasts()

    async def test_a_press_nobody_remembers_may_be_answered(self, bench: AdapterHarness) -> None:
        await bench.adapter.answer_press("0000", "terlambat")

    async def test_as_many_buttons_fit_as_are_promised(self, bench: AdapterHarness) -> None:
        able = bench.adapter.capabilities(bench.person)
        for count in {able.buttons, able.rows} - {0}:
            room = able.button_title if count == able.buttons else 24
            titles = [f"{number:02}".ljust(room, "x") for number in range(count)]
            await bench.adapter.send(bench.person, make_text("Pilih", *titles), f"k{count}")
            assert list(bench.screen(bench.person)[-1].buttons) == titles

    async def test_a_message_changes_in_place(self, bench: AdapterHarness) -> None:
        if not bench.adapter.capabilities(bench.person).edit:
            return
        native = await bench.adapter.send(bench.person, make_text("Menunggu", "Setujui"), "k1")
        for _ in range(2):  # the second time nothing is left to change
            await bench.adapter.edit(bench.person, native, make_text("Disetujui & selesai"))
        (shown,) = bench.screen(bench.person)
        assert (shown.text, list(shown.buttons)) == ("Disetujui & selesai", [])
        with pytest.raises(PermanentSendError):
            await bench.adapter.edit(bench.person, "987654", make_text("x"))

    async def test_files_are_shown_with_their_words_also_the_second_time(self, bench: AdapterHarness) -> None:
        able, blob = bench.adapter.capabilities(bench.person), bench.desk.store_blob(PNG)
        if not (able.photo and able.document):
            return
        for number in range(2):
            await bench.adapter.send(bench.person, Photo(blob, make_text("Lubang <2 m")), f"p{number}")
            await bench.adapter.send(bench.person, Document(blob, "surat.png", make_text("Surat"), "image/png"), f"d{number}")
        screen = bench.screen(bench.person)
        assert [shown.files for shown in screen] == [[PNG]] * 4
        assert [shown.text for shown in screen] == ["Lubang <2 m", "Surat"] * 2

    async def test_an_album_is_shown_whole(self, bench: AdapterHarness) -> None:
        if bench.adapter.capabilities(bench.group).album < 2:
            return
        blobs = [bench.desk.store_blob(PNG + bytes([number])) for number in range(3)]
        items: list[Photo | Document] = [Photo(blob) for blob in blobs]
        await bench.adapter.send(bench.group, Album((*items, Document(blobs[0], "a.png"), Document(blobs[1], "b.png"))), "k1")
        shown = [data for each in bench.screen(bench.group) for data in each.files]
        assert shown == [PNG + bytes([number]) for number in (0, 1, 2, 0, 1)]

    async def test_a_file_we_do_not_hold_is_refused(self, bench: AdapterHarness) -> None:
        with pytest.raises(PermanentSendError):
            await bench.adapter.send(bench.person, Photo("0" * 64), "k1")

    async def test_places_and_cards_are_shown(self, bench: AdapterHarness) -> None:
        able = bench.adapter.capabilities(bench.person)
        if able.location:
            await bench.adapter.send(bench.person, Location(-6.9, 107.6), "k1")
            await bench.adapter.send(bench.person, Location(-6.9, 107.6, "Balai Kota"), "k2")
            assert [shown.place for shown in bench.screen(bench.person)] == [(-6.9, 107.6)] * 2
        if able.contact:
            await bench.adapter.send(bench.person, Contact("Rina", "+6281200000001"), "k3")
            assert bench.screen(bench.person)[-1].contact == ("Rina", "+6281200000001")

    async def test_typing_is_a_courtesy_that_never_fails(self, bench: AdapterHarness) -> None:
        await bench.adapter.show_typing(bench.person)
        await bench.adapter.show_typing(Chat(bench.adapter.name, "4040404040"))

    # -- what goes wrong -----------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("how", "error"),
        [
            ("busy", TemporarySendError),
            ("down", SendError),
            ("lost", SendError),
            ("refused", PermanentSendError),
            ("closed", ChatClosedError),
        ],
    )
    async def test_a_failure_is_named_and_the_next_attempt_is_a_new_one(
        self, bench: AdapterHarness, how: Failure, error: type[SendError]
    ) -> None:
        bench.fail(how)
        with pytest.raises(error) as raised:
            await bench.adapter.send(bench.person, make_text("satu"), "k1")
        if how == "busy":
            assert raised.value.after  # type: ignore[attr-defined]
        if how == "lost" and not bench.adapter.capabilities(bench.person).idempotent:
            assert isinstance(raised.value, UnknownOutcomeError)
        await bench.adapter.send(bench.person, make_text("dua"), "k2")
        assert bench.screen(bench.person)[-1].text == "dua"

    async def test_a_file_nobody_has_cannot_be_had(self, bench: AdapterHarness) -> None:
        with pytest.raises(SendError):
            async for _ in bench.adapter.download(Attachment("photo", "nobody-has-this")):
                pass

    async def test_a_running_adapter_is_healthy(self, bench: AdapterHarness) -> None:
        await bench.sends_message(bench.person, "halo")
        await bench.wait_until_idle()
        health = bench.adapter.health()
        assert health.ok
        assert health.seconds >= 0


def _iter_chats(bench: AdapterHarness) -> Iterator[Chat]:
    """The private chat, then the group: a bench without groups skips the test when asked for one, so it comes last."""
    yield bench.person
    yield bench.group


def _assert_pure(bench: AdapterHarness) -> None:
    for item in bench.desk.taken:
        events = list(bench.adapter.convert(item))
        assert events == list(bench.adapter.convert(item))
        stored = msgspec.json.encode(events)
        assert msgspec.json.decode(stored, type=list[Event]) == events
