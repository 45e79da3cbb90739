"""The console is an ordinary adapter: what is typed becomes an event, what is said becomes lines."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from pendopo.adapters.console import Console, PrintedMessage
from pendopo.adapters.contract import Incoming
from pendopo.errors import InvalidWebhookError, OperatorError, PermanentSendError
from pendopo.model import (
    Account,
    Album,
    Attachment,
    Chat,
    ChatKind,
    Contact,
    Content,
    Document,
    Location,
    Message,
    Photo,
    Poll,
    Text,
    TextRun,
)

from tests.adapters.hosts import BareHost

RINA = ("rina", "Rina Hidayat")
FORUM = ("forum", "Forum Pimpinan")
GROUP = Chat("console", "forum", ChatKind.GROUP, "Forum Pimpinan")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Host(BareHost):
    """Keeps what is handed over."""

    def __init__(self, folder: Path) -> None:
        self.taken: list[Incoming] = []
        self._folder = folder

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        self.taken += incoming

    def get_blob_path(self, sha256: str) -> Path:
        if sha256 == "gone":
            raise FileNotFoundError(sha256)
        return self._folder / sha256

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.fixture
def shown() -> list[PrintedMessage]:
    return []


@pytest.fixture
def console(host: Host, shown: list[PrintedMessage]) -> Console:
    console = Console(shown.append)
    console.connect(host)
    return console


def event(console: Console, host: Host) -> Message:
    (found,) = console.convert(host.taken[-1])
    assert isinstance(found, Message)
    return found


def words(text: str) -> Text:
    return Text(spans=(TextRun(text),))


async def test_a_typed_line_is_a_message_of_that_person(console: Console, host: Host) -> None:
    await console.type_line(RINA, "/izin sakit hari ini")
    message = event(console, host)
    assert message.text == "/izin sakit hari ini"
    assert message.chat == Chat("console", "rina", ChatKind.PRIVATE, "Rina Hidayat")
    assert message.account == Account(("console:rina",), "Rina Hidayat", "rina")
    assert message.at == NOW
    assert not message.addressed


async def test_a_line_in_a_group_is_in_its_lane_and_may_name_the_bot(console: Console, host: Host) -> None:
    await console.type_line(RINA, "@pendopo halo", FORUM)
    assert host.taken[-1].chat == "forum"
    assert event(console, host).chat == GROUP
    assert event(console, host).addressed


async def test_every_line_is_a_delivery_of_its_own(console: Console, host: Host) -> None:
    await console.type_line(RINA, "halo")
    await console.type_line(RINA, "halo")
    assert len({item.key for item in host.taken}) == 2


async def test_a_picture_is_read_when_it_is_asked_for(console: Console, host: Host, tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"jpeg")
    await console.type_line(RINA, "rusak", photo=tmp_path / "foto.jpg")
    (attachment,) = event(console, host).attachments
    assert b"".join([piece async for piece in console.download(attachment)]) == b"jpeg"
    with pytest.raises(PermanentSendError):
        await anext(aiter(console.download(Attachment("photo", str(tmp_path / "none.jpg")))))


async def test_the_same_key_is_shown_once(console: Console, shown: list[PrintedMessage]) -> None:
    ids = [await console.send(GROUP, words("halo"), "k1") for _ in range(2)]
    assert ids == ["k1", "k1"]
    assert shown == [PrintedMessage(GROUP, "halo")]


async def test_what_is_edited_is_shown_again(console: Console, shown: list[PrintedMessage]) -> None:
    await console.edit(GROUP, "k1", words("selesai"))
    assert shown == [PrintedMessage(GROUP, "selesai", again=True)]


async def test_reply_quotes_the_latest_message(console: Console, host: Host) -> None:
    await console.send(GROUP, words("Untuk kapan?"), "k1")
    await console.type_line(RINA, "besok", FORUM, reply=True)
    assert event(console, host).reply_to == "k1"
    await console.type_line(RINA, "besok", FORUM)
    assert event(console, host).reply_to == ""


async def test_a_number_in_a_group_quotes_the_latest_choices_until_they_are_gone(console: Console, host: Host) -> None:
    await console.send(GROUP, words("Kirim?\n1. Kirim\n2. Batal"), "k1")
    await console.send(GROUP, words("Lain hal."), "k2")
    await console.type_line(RINA, "1", FORUM)
    assert event(console, host).reply_to == "k1"
    await console.edit(GROUP, "k1", words("Terkirim."))
    await console.type_line(RINA, "1", FORUM)
    assert event(console, host).reply_to == ""


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (words("halo"), "halo"),
        (Location(-6.9, 107.6, "Balai Kota"), "[location -6.9, 107.6] Balai Kota"),
        (Contact("Ani", "62812"), "[contact] Ani 62812"),
        (Photo("ab", words("rusak")), "[photo] {folder}/ab\nrusak"),
        (Document("ab", "rekap.pdf"), "[file] {folder}/ab"),
        (Album((Photo("a"), Photo("b")), words("dua")), "[photo] {folder}/a\n[photo] {folder}/b\ndua"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
async def test_everything_has_a_form_in_a_terminal(
    console: Console, shown: list[PrintedMessage], tmp_path: Path, content: Content, text: str
) -> None:
    await console.send(GROUP, content, "k1")
    assert shown[0].text == text.format(folder=tmp_path)


@pytest.mark.parametrize("content", [Poll(words("?"), ()), Photo("gone")])
async def test_what_cannot_be_shown_is_refused_for_good(
    console: Console, shown: list[PrintedMessage], content: Content
) -> None:
    with pytest.raises(PermanentSendError):
        await console.send(GROUP, content, "k1")
    assert shown == []


def test_a_private_chat_follows_from_the_account(console: Console) -> None:
    account = Account(("telegram:1", "console:rina"), "Rina Hidayat")
    assert console.private_chat(account) == Chat("console", "rina", title="Rina Hidayat")
    assert console.private_chat(Account(("telegram:1",))) is None


def test_only_our_own_deliveries_are_read(console: Console) -> None:
    with pytest.raises(msgspec.MsgspecError):
        console.convert(Incoming("1", "message", "rina", b"{}"))
    with pytest.raises(InvalidWebhookError):
        console.receive(b"{}", {})


async def test_a_console_without_a_bot_says_so() -> None:
    with pytest.raises(OperatorError):
        await Console(lambda printed: None).type_line(RINA, "halo")
    console = Console(lambda printed: None)
    await console.run()
    await console.answer_press("p1", "")
    await console.close()
    assert console.health().ok
