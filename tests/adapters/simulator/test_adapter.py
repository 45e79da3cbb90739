"""The simulator behind the adapter contract: what it takes, what it refuses, what it remembers."""

from pathlib import Path

import pytest
from pendopo.adapters.contract import Adapter
from pendopo.errors import InvalidWebhookError, PermanentSendError
from pendopo.model import (
    Account,
    Album,
    Attachment,
    Document,
    Photo,
)

from .bench import GROUP, RINA, Taker, make_simulator, make_text


def test_it_is_an_ordinary_adapter() -> None:
    adapter: Adapter = make_simulator()
    assert (adapter.name, adapter.handle) == ("simulator", "pendopo")
    assert adapter.health().ok
    with pytest.raises(InvalidWebhookError):
        adapter.receive(b"{}", {})


async def test_sending_with_the_same_key_again_says_it_once() -> None:
    sim = make_simulator()
    first = await sim.send(GROUP, make_text("halo"), "k1")
    assert await sim.send(GROUP, make_text("halo"), "k1") == first
    assert await sim.send(GROUP, make_text("halo"), "k2") != first
    assert len(sim.screen("rina", "forum").bubbles) == 2


async def test_touching_a_whatsapp_button_says_its_title() -> None:
    sim = make_simulator()
    sim.switch("rina", "rina", "whatsapp")
    await sim.send(RINA, make_text("Setuju?", "Ya"), "k1")
    await sim.press("rina", "rina", "m1", "token-0")
    said = sim.screen("rina", "rina").bubbles[1]
    assert (said.own, said.spans[0].text, said.quote and said.quote.text) == (True, "Ya", "Setuju?")


async def test_an_edit_changes_words_and_buttons_and_the_same_again_changes_nothing() -> None:
    sim = make_simulator()
    native = await sim.send(GROUP, make_text("Setuju?", "Ya"), "k1")
    await sim.edit(GROUP, native, make_text("Disetujui."))
    before = sim.latest
    await sim.edit(GROUP, native, make_text("Disetujui."))
    [bubble] = sim.screen("dewi", "forum").bubbles
    assert (bubble.spans[0].text, bubble.buttons, bubble.edited, sim.latest) == ("Disetujui.", (), True, before)
    with pytest.raises(PermanentSendError):
        await sim.edit(RINA, native, make_text("lain"))


async def test_a_message_from_before_a_switch_is_edited_as_the_chat_is_now() -> None:
    sim = make_simulator()
    sim.switch("dewi", "forum", "whatsapp_group")
    native = await sim.send(GROUP, make_text("Setuju?\n1. Ya"), "k1")
    sim.switch("dewi", "forum", "telegram")
    await sim.edit(GROUP, native, make_text("Setuju?", "Ya"))
    assert sim.screen("dewi", "forum").bubbles[0].look == "inline"


async def test_files_of_the_bot_come_from_its_blobs_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    sha = "a" * 64
    (tmp_path / sha).write_bytes(b"GIF89a")
    sim = make_simulator(Taker(tmp_path))
    await sim.send(GROUP, Album((Photo(sha), Document(sha, "rekap.xlsx")), make_text("Rekap")), "k1")
    [bubble] = sim.screen("rina", "forum").bubbles
    assert (len(bubble.photos), bubble.documents[0].name, bubble.spans[0].text) == (1, "rekap.xlsx", "Rekap")
    assert sim.file(sha) == b"GIF89a"
    with pytest.raises(PermanentSendError):
        await sim.send(GROUP, Photo("b" * 64), "k2")
    with pytest.raises(LookupError):
        sim.file("../../etc/passwd")


async def test_a_download_of_an_unknown_photo_is_rejected() -> None:
    with pytest.raises(PermanentSendError):
        [piece async for piece in make_simulator().download(Attachment("photo", "../simulator.jsonl"))]


def test_the_private_chat_follows_from_the_account() -> None:
    sim = make_simulator()
    assert sim.private_chat(Account(("simulator:rina",))) == RINA
    assert sim.private_chat(Account(("telegram:1", "simulator:nobody"))) is None
