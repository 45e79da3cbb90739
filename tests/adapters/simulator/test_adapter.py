"""The simulator behind the adapter contract: what it takes, what it refuses, what it remembers."""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from pendopo.adapters.contract import Adapter, Incoming
from pendopo.adapters.simulator import SimGroup, SimPerson, Simulator
from pendopo.errors import InvalidWebhookError, OperatorError, PermanentSendError
from pendopo.model import (
    Account,
    Album,
    Attachment,
    ButtonPress,
    Chat,
    ChatKind,
    Choice,
    Document,
    Location,
    Message,
    Photo,
    Phrase,
    Text,
    TextRun,
)

from tests.adapters.hosts import BareHost

NOW = datetime(2026, 8, 13, 2, 0, tzinfo=UTC)
PEOPLE = (SimPerson("rina", "Rina Hidayat", "Kadis PU"), SimPerson("dewi", "Dewi Anggraeni", "Wali Kota"))
GROUP = Chat("simulator", "forum", ChatKind.GROUP, "Forum")
RINA = Chat("simulator", "rina", ChatKind.PRIVATE, "Rina Hidayat")


class Up(NamedTuple):
    file: io.BytesIO
    name: str
    mime: str
    size: int


class Taker(BareHost):
    """A host that keeps what it is given, or refuses everything while `broken`."""

    def __init__(self, blobs: Path | None = None) -> None:
        self.taken: list[Incoming] = []
        self.broken = False
        self._blobs = blobs

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        if self.broken:
            raise OSError("disk full")
        self.taken.extend(incoming)

    def get_blob_path(self, sha256: str) -> Path:
        if self._blobs and (path := self._blobs / sha256).is_file():
            return path
        raise FileNotFoundError(sha256)


def simulator(host: Taker | None = None, path: Path | None = None) -> Simulator:
    made = Simulator(PEOPLE, [SimGroup("forum", "Forum", ("rina", "dewi"))], path)
    made.connect(host or Taker())
    return made


def text(words: str, *titles: str) -> Text:
    choices = tuple(Choice(f"token-{n}", Phrase("x"), title) for n, title in enumerate(titles))
    return Text(spans=(TextRun(words),), buttons=choices)


def photo(data: bytes = b"\x89PNG\r\n\x1a\n") -> Up:
    return Up(io.BytesIO(data), "jalan.png", "image/png", len(data))


def test_it_is_an_ordinary_adapter() -> None:
    adapter: Adapter = simulator()
    assert (adapter.name, adapter.handle) == ("simulator", "pendopo")
    assert adapter.health().ok
    with pytest.raises(InvalidWebhookError):
        adapter.receive(b"{}", {})


async def test_what_a_person_says_is_delivered_and_then_ticked() -> None:
    host = Taker()
    sim = simulator(host)
    await sim.say("rina", "forum", "/izin besok")
    [message] = sim.convert(host.taken[0])
    assert isinstance(message, Message)
    assert (message.key, message.text, message.chat, message.at) == ("m1", "/izin besok", GROUP, NOW)
    assert message.account == Account(("simulator:rina",), "Rina Hidayat", "rina")
    assert message.raw["text"] == "/izin besok"
    assert sim.screen("rina", "forum").bubbles[0].taken


async def test_convert_is_pure_and_needs_nothing_but_the_delivery() -> None:
    host = Taker()
    await simulator(host).say("rina", "rina", "halo")
    stranger = Simulator([], [])
    assert stranger.convert(host.taken[0]) == stranger.convert(host.taken[0])
    [message] = stranger.convert(host.taken[0])
    assert message.chat == RINA


async def test_naming_the_bot_addresses_it_and_naming_a_person_mentions_them() -> None:
    host = Taker()
    sim = simulator(host)
    await sim.say("rina", "forum", "@pendopo tolong ingatkan @Dewi Anggraeni dan @dewi")
    await sim.say("rina", "forum", "surel: rina@dewimail, @dewinta")
    first, second = (sim.convert(each)[0] for each in host.taken)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.addressed
    assert [(m.text, m.alias) for m in first.mentions] == [("@Dewi Anggraeni", "simulator:dewi"), ("@dewi", "simulator:dewi")]
    assert not second.addressed
    assert second.mentions == ()


async def test_photos_sent_together_are_one_album_with_the_words_on_the_first() -> None:
    host = Taker()
    sim = simulator(host)
    await sim.say("rina", "forum", "jalan rusak", [photo(), photo(b"\xff\xd8\xff..")])
    first, second = (sim.convert(each)[0] for each in host.taken)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.album == second.album == host.taken[0].album == host.taken[1].album != ""
    assert (first.text, second.text) == ("jalan rusak", "")
    assert [a.kind for a in (*first.attachments, *second.attachments)] == ["photo", "photo"]
    assert len(sim.screen("dewi", "forum").bubbles) == 1
    assert b"".join([piece async for piece in sim.download(second.attachments[0])]) == b"\xff\xd8\xff.."


async def test_a_single_photo_is_no_album_and_a_place_is_a_place() -> None:
    host = Taker()
    sim = simulator(host)
    await sim.say("rina", "rina", "", [photo()])
    await sim.say("rina", "rina", "", location=(-6.9, 107.6, "Balai Kota"))
    first, second = (sim.convert(each)[0] for each in host.taken)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.album == ""
    assert second.location == Location(-6.9, 107.6, "Balai Kota")


async def test_sending_with_the_same_key_again_says_it_once() -> None:
    sim = simulator()
    first = await sim.send(GROUP, text("halo"), "k1")
    assert await sim.send(GROUP, text("halo"), "k1") == first
    assert await sim.send(GROUP, text("halo"), "k2") != first
    assert len(sim.screen("rina", "forum").bubbles) == 2


async def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "simulator.jsonl"
    sim = simulator(path=log)
    await sim.say("rina", "rina", "halo", [photo()])
    asked = await sim.send(RINA, text("Setuju?", "Ya", "Tidak"), "k1", reply_to="m1")
    await sim.press("rina", "rina", asked, "token-0")
    sim.switch("rina", "rina", "whatsapp")
    sim.see("rina", "rina")
    again = simulator(path=log)
    assert again.screen("rina", "rina") == sim.screen("rina", "rina")
    assert again.latest == sim.latest
    assert await again.send(RINA, text("Setuju?", "Ya", "Tidak"), "k1") == asked
    assert await again.send(RINA, text("lagi"), "k2") == "m3"


async def test_a_line_torn_by_a_crash_is_forgotten_and_the_log_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "simulator.jsonl"
    await simulator(path=log).send(RINA, text("satu"), "k1")
    with log.open("ab") as file:
        file.write(b'{"type":"posted","id":"m2","ch')
    sim = simulator(path=log)
    assert await sim.send(RINA, text("dua"), "k2") == "m2"
    words = [bubble.spans[0].text for bubble in simulator(path=log).screen("rina", "rina").bubbles]
    assert words == ["satu", "dua"]


@pytest.mark.parametrize("line", [b"{}", b'{"type": "posted", "id": "\xff"}'], ids=["nothing in it", "no text"])
def test_a_log_broken_in_the_middle_is_an_error_that_names_the_line(line: bytes, tmp_path: Path) -> None:
    log = tmp_path / "simulator.jsonl"
    log.write_bytes(line + b"\n{}\n")
    with pytest.raises(OperatorError, match="line 1"):
        simulator(path=log)


async def test_what_the_bot_did_not_take_is_delivered_again_in_order_also_after_a_restart(tmp_path: Path) -> None:
    log, host = tmp_path / "simulator.jsonl", Taker()
    host.broken = True
    sim = simulator(host, log)
    for words in ("satu", "dua"):
        with pytest.raises(OSError, match="disk full"):
            await sim.say("rina", "rina", words)
    assert not await sim.redeliver_owed()
    assert not sim.screen("rina", "rina").bubbles[0].taken
    host.broken = False
    again = simulator(host, log)
    running = asyncio.create_task(again.run())
    while not again.screen("rina", "rina").bubbles[1].taken:
        await asyncio.sleep(0)
    running.cancel()
    assert [each.key for each in host.taken] == ["m1", "m2"]


async def test_a_press_waits_until_it_is_answered_and_is_not_pressed_twice_meanwhile() -> None:
    host = Taker()
    sim = simulator(host)
    asked = await sim.send(RINA, text("Setuju?", "Ya", "Tidak"), "k1")
    await sim.press("rina", "rina", asked, "token-0")
    await sim.press("rina", "rina", asked, "token-1")
    [press] = sim.convert(host.taken[-1])
    assert isinstance(press, ButtonPress)
    assert (len(host.taken), press.token, press.message) == (1, "token-0", asked)
    assert sim.screen("rina", "rina").bubbles[0].waiting == "token-0"
    before = sim.latest
    await sim.answer_press(press.key, "Tercatat.")
    await sim.answer_press(press.key, "Tercatat.")
    [change] = await sim.changed(before)
    assert (change.person, change.toast) == ("rina", "Tercatat.")
    assert sim.screen("rina", "rina").bubbles[0].waiting == ""


async def test_buttons_that_are_not_there_cannot_be_pressed() -> None:
    sim = simulator()
    asked = await sim.send(RINA, text("Setuju?", "Ya"), "k1")
    for person, chat, message, token in [
        ("rina", "rina", asked, "forged"),
        ("rina", "forum", asked, "token-0"),
        ("dewi", "rina", asked, "token-0"),
        ("rina", "rina", "m99", "token-0"),
    ]:
        with pytest.raises(LookupError):
            await sim.press(person, chat, message, token)


@pytest.mark.parametrize(
    ("profile", "content"),
    [
        ("telegram", text("x", *"123456789")),
        ("telegram", text("x" * 4097)),
        ("telegram", text("😀" * 2049)),
        ("telegram", Text(said=(Phrase("belum.jadi"),))),
        ("whatsapp", text("x", "Lebih dari dua puluh empat huruf")),
        ("telegram", text("x", "")),
        ("whatsapp", text("x", *"12345678901")),
        ("whatsapp", Album((Photo("a"), Photo("b")))),
    ],
)
async def test_content_that_the_real_messenger_would_refuse_is_refused(profile: str, content: Text | Album) -> None:
    sim = simulator()
    sim.switch("rina", "rina", profile)
    with pytest.raises(PermanentSendError):
        await sim.send(RINA, content, "k1")


async def test_a_whatsapp_group_has_no_buttons_and_whatsapp_edits_nothing() -> None:
    sim = simulator()
    sim.switch("dewi", "forum", "whatsapp_group")
    assert sim.capabilities(GROUP).buttons == 0
    with pytest.raises(PermanentSendError):
        await sim.send(GROUP, text("x", "Ya"), "k1")
    sim.switch("rina", "rina", "whatsapp")
    native = await sim.send(RINA, text("x"), "k2")
    with pytest.raises(PermanentSendError):
        await sim.edit(RINA, native, text("y"))
    with pytest.raises(LookupError):
        sim.switch("rina", "rina", "whatsapp_group")


@pytest.mark.parametrize(
    ("titles", "look"), [(["a"] * 3, "reply"), (["a"] * 4, "list"), (["Dua puluh satu huruf.", "b"], "list")]
)
async def test_whatsapp_shows_up_to_three_short_reply_buttons_and_else_a_list(titles: list[str], look: str) -> None:
    sim = simulator()
    sim.switch("rina", "rina", "whatsapp")
    await sim.send(RINA, text("x", *titles), "k1")
    assert sim.screen("rina", "rina").bubbles[0].look == look


async def test_touching_a_whatsapp_button_says_its_title() -> None:
    sim = simulator()
    sim.switch("rina", "rina", "whatsapp")
    await sim.send(RINA, text("Setuju?", "Ya"), "k1")
    await sim.press("rina", "rina", "m1", "token-0")
    said = sim.screen("rina", "rina").bubbles[1]
    assert (said.own, said.spans[0].text, said.quote and said.quote.text) == (True, "Ya", "Setuju?")


async def test_an_edit_changes_words_and_buttons_and_the_same_again_changes_nothing() -> None:
    sim = simulator()
    native = await sim.send(GROUP, text("Setuju?", "Ya"), "k1")
    await sim.edit(GROUP, native, text("Disetujui."))
    before = sim.latest
    await sim.edit(GROUP, native, text("Disetujui."))
    [bubble] = sim.screen("dewi", "forum").bubbles
    assert (bubble.spans[0].text, bubble.buttons, bubble.edited, sim.latest) == ("Disetujui.", (), True, before)
    with pytest.raises(PermanentSendError):
        await sim.edit(RINA, native, text("lain"))


async def test_a_message_from_before_a_switch_is_edited_as_the_chat_is_now() -> None:
    sim = simulator()
    sim.switch("dewi", "forum", "whatsapp_group")
    native = await sim.send(GROUP, text("Setuju?\n1. Ya"), "k1")
    sim.switch("dewi", "forum", "telegram")
    await sim.edit(GROUP, native, text("Setuju?", "Ya"))
    assert sim.screen("dewi", "forum").bubbles[0].look == "inline"


async def test_files_of_the_bot_come_from_its_blobs_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    sha = "a" * 64
    (tmp_path / sha).write_bytes(b"GIF89a")
    sim = simulator(Taker(tmp_path))
    await sim.send(GROUP, Album((Photo(sha), Document(sha, "rekap.xlsx")), text("Rekap")), "k1")
    [bubble] = sim.screen("rina", "forum").bubbles
    assert (len(bubble.photos), bubble.documents[0].name, bubble.spans[0].text) == (1, "rekap.xlsx", "Rekap")
    assert sim.file(sha) == b"GIF89a"
    with pytest.raises(PermanentSendError):
        await sim.send(GROUP, Photo("b" * 64), "k2")
    with pytest.raises(LookupError):
        sim.file("../../etc/passwd")


async def test_a_download_of_an_unknown_photo_is_rejected() -> None:
    with pytest.raises(PermanentSendError):
        [piece async for piece in simulator().download(Attachment("photo", "../simulator.jsonl"))]


async def test_unread_counts_what_others_said_until_it_is_seen() -> None:
    sim = simulator()
    await sim.say("rina", "forum", "halo")
    await sim.send(GROUP, text("halo juga"), "k1")
    assert [sim.screen(who, "forum").unread for who in ("rina", "dewi")] == [1, 2]
    sim.see("dewi", "forum")
    before = sim.latest
    sim.see("dewi", "forum")
    assert (sim.screen("dewi", "forum").unread, sim.latest) == (0, before)


async def test_nobody_sees_or_writes_in_a_chat_that_is_not_theirs() -> None:
    sim = simulator()
    with pytest.raises(LookupError):
        sim.screen("dewi", "rina")
    with pytest.raises(LookupError):
        await sim.say("dewi", "rina", "halo")


async def test_a_change_wakes_everybody_who_waits_for_it() -> None:
    sim = simulator()
    waiting = [asyncio.create_task(sim.changed(0)) for _ in range(2)]
    await asyncio.sleep(0)
    await sim.send(GROUP, text("halo"), "k1")
    for changes in await asyncio.gather(*waiting):
        assert [(change.number, change.people) for change in changes] == [(1, ("rina", "dewi"))]


def test_the_private_chat_follows_from_the_account() -> None:
    sim = simulator()
    assert sim.private_chat(Account(("simulator:rina",))) == RINA
    assert sim.private_chat(Account(("telegram:1", "simulator:nobody"))) is None
