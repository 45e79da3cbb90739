"""The suite of adapters catches what it is there to catch: for each check an adapter that is broken in just that."""

import inspect
import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pendopo.adapters.contract import AdapterHealth, Incoming
from pendopo.errors import InvalidWebhookError, PermanentSendError, SendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Account, Album, Attachment, Capabilities, Chat, Content, Event, Location, Text, TextRun
from pendopo.testing import PROFILES, MemoryMessenger
from pendopo.testing.conformance import AdapterConformance, Failure, RecordingEngine, run_adapter

from tests.testing.test_messenger import MemoryBench


def hears(change: Callable[[Any], Any]) -> type[MemoryMessenger]:
    """One that understands what people do otherwise."""

    class Hears(MemoryMessenger):
        def convert(self, incoming: Incoming) -> Sequence[Event]:
            return [change(event) for event in super().convert(incoming)]

    return Hears


def shows(change: Callable[[Any], Any]) -> type[MemoryMessenger]:
    """One that shows something else than it is given."""

    class Shows(MemoryMessenger):
        async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
            return await super().send(chat, change(content), key, reply_to)

    return Shows


def words(change: Callable[[Text], Text]) -> type[MemoryMessenger]:
    return shows(lambda content: change(content) if isinstance(content, Text) else content)


def plain(change: Callable[[str], str]) -> type[MemoryMessenger]:
    return words(lambda text: replace(text, spans=tuple(replace(span, text=change(span.text)) for span in text.spans)))


class Forgets(MemoryMessenger):
    """Takes what it has heard once for stored."""

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        heard = super().receive(body, headers)
        known, self.__dict__["heard"] = self.__dict__.get("heard", set()), {item.key for item in heard}
        return [item for item in heard if item.key not in known]


class Renumbers(MemoryMessenger):
    """Gives a delivery another name each time."""

    numbers = itertools.count()

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        return [replace(item, key=f"{item.key}-{next(self.numbers)}") for item in super().receive(body, headers)]


class Trusting(MemoryMessenger):
    """Takes nothing from a stranger, and thanks for it."""

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        try:
            return super().receive(body, headers)
        except InvalidWebhookError:
            return []


class Quoteless(MemoryMessenger):
    """Quotes nothing."""

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return await super().send(chat, content, key)


class Strict(MemoryMessenger):
    """Quotes only what is there still, answers only what it remembers, and is not polite to strangers."""

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        if reply_to == "987654":
            raise PermanentSendError("there is no such message")
        return await super().send(chat, content, key, reply_to)

    async def answer_press(self, press_key: str, text: str) -> None:
        if press_key == "0000":
            raise PermanentSendError("too old")
        await super().answer_press(press_key, text)

    async def show_typing(self, chat: Chat) -> None:
        if chat.id == "4040404040":
            raise PermanentSendError("there is no such chat")

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        if any(shown.id == native_id and shown.content == content for shown in self.screen):
            raise PermanentSendError("nothing was changed")
        await super().edit(chat, native_id, content)


class Blind(MemoryMessenger):
    """Sends files it does not have."""

    def _check_files(self, content: Content) -> None:
        return


class Empty(MemoryMessenger):
    """Gives nothing for a file that is not there, and is never well."""

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        yield self.files.get(attachment.ref, b"")

    def health(self) -> AdapterHealth:
        return AdapterHealth(False)


def named(error: Exception) -> type[MemoryMessenger]:
    """One that calls every failure the same."""

    class Named(MemoryMessenger):
        def capabilities(self, chat: Chat) -> Capabilities:
            return replace(PROFILES["telegram"], idempotent=False)

        async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
            try:
                return await super().send(chat, content, key, reply_to)
            except SendError:
                raise error from None

    return Named


def _elsewhere(event: Any) -> Any:
    return event if event.chat.private else replace(event, account=Account(("memory:somebody-else",)))


def _turned(event: Any) -> Any:
    place = event.location
    return replace(event, location=Location(place.longitude, place.latitude)) if place else event


COUNT = itertools.count()
FAULTS: Sequence[tuple[str, type[MemoryMessenger]]] = [
    ("what_a_person_writes_privately_is_a_message_of_that_person", hears(lambda e: replace(e, text=ascii(e.text)[1:-1]))),
    ("the_same_person_is_known_by_the_same_alias_in_a_group", hears(_elsewhere)),
    ("lines_and_commands_arrive_as_they_were_typed", hears(lambda e: replace(e, text=" ".join(e.text.split())))),
    ("naming_the_bot_is_addressing_it", hears(lambda e: replace(e, addressed=True))),
    ("a_reply_names_the_message_it_answers", hears(lambda e: replace(e, reply_to=""))),
    ("a_picture_comes_with_its_words_and_can_be_had", hears(lambda e: replace(e, attachments=()))),
    ("an_album_has_one_name_and_its_words_are_in_it", hears(lambda e: replace(e, album=""))),
    ("a_place_is_where_it_is", hears(_turned)),
    ("a_delivery_that_comes_twice_has_one_key", Renumbers),
    ("what_could_not_be_stored_is_delivered_again", Forgets),
    ("conversion_is_pure_and_its_events_can_be_stored", hears(lambda e: replace(e, text=f"{e.text}{next(COUNT)}"))),
    ("a_webhook_request_of_a_stranger_is_refused", Trusting),
    ("words_are_shown_as_they_are", plain(lambda text: text.replace("<", "&lt;"))),
    ("styles_are_looks_and_not_letters", words(lambda text: replace(text, spans=(TextRun(text.plain),)))),
    ("a_text_of_the_greatest_length_goes_through", plain(lambda text: text[:4000])),
    ("an_answer_quotes", Quoteless),
    ("an_answer_to_what_is_gone_is_said_all_the_same", Strict),
    ("a_touched_button_brings_its_token_back", hears(lambda e: replace(e, token=e.token.lower()))),
    ("a_press_nobody_remembers_may_be_answered", Strict),
    ("as_many_buttons_fit_as_are_promised", words(lambda text: replace(text, buttons=text.buttons[:7]))),
    ("a_message_changes_in_place", Strict),
    ("files_are_shown_with_their_words_also_the_second_time", shows(lambda c: replace(c, caption=Text()))),
    ("an_album_is_shown_whole", shows(lambda c: Album(c.items[:3]))),
    ("a_file_we_do_not_hold_is_refused", Blind),
    ("places_and_cards_are_shown", shows(lambda c: replace(c, latitude=round(c.latitude)))),
    ("typing_is_a_courtesy_that_never_fails", Strict),
    ("a_failure_is_named_and_the_next_attempt_is_a_new_one", named(RuntimeError("what?"))),
    ("a_failure_is_named_and_the_next_attempt_is_a_new_one", named(TemporarySendError("again"))),
    ("a_failure_is_named_and_the_next_attempt_is_a_new_one", named(UnknownOutcomeError("who knows"))),
    ("a_file_nobody_has_cannot_be_had", Empty),
    ("a_running_adapter_is_healthy", Empty),
]
FAILURES: dict[type[MemoryMessenger], Failure] = {FAULTS[27][1]: "lost", FAULTS[28][1]: "refused"}


@pytest.mark.parametrize(("check", "broken"), FAULTS, ids=[f"{number}-{check}" for number, (check, _) in enumerate(FAULTS)])
async def test_an_adapter_with_a_fault_does_not_pass(tmp_path: Path, check: str, broken: type[MemoryMessenger]) -> None:
    adapter, desk = broken(), RecordingEngine(tmp_path)
    desk.connect_adapter(adapter)
    tried = getattr(AdapterConformance(), f"test_{check}")
    more = {
        "how": FAILURES.get(broken, "down"),
        "error": PermanentSendError if FAILURES.get(broken) == "refused" else SendError,
    }
    async with run_adapter(adapter):
        bench = MemoryBench(adapter, desk)
        with pytest.raises((AssertionError, SendError, RuntimeError, pytest.fail.Exception)):
            await tried(bench, **(more if "how" in inspect.signature(tried).parameters else {}))


def test_every_check_of_adapters_has_a_fault_it_catches() -> None:
    assert {f"test_{check}" for check, _ in FAULTS} == {name for name in vars(AdapterConformance) if name.startswith("test_")}
