"""A chat pretends to be one messenger or another."""

import pytest
from pendopo.errors import PermanentSendError
from pendopo.model import Album, Photo, Phrase, Text

from .bench import GROUP, RINA, make_simulator, make_text


@pytest.mark.parametrize(
    ("profile", "content"),
    [
        ("telegram", make_text("x", *"123456789")),
        ("telegram", make_text("x" * 4097)),
        ("telegram", make_text("😀" * 2049)),
        ("telegram", Text(said=(Phrase("belum.jadi"),))),
        ("whatsapp", make_text("x", "Lebih dari dua puluh empat huruf")),
        ("telegram", make_text("x", "")),
        ("whatsapp", make_text("x", *"12345678901")),
        ("whatsapp", Album((Photo("a"), Photo("b")))),
    ],
)
async def test_content_that_the_real_messenger_would_refuse_is_refused(profile: str, content: Text | Album) -> None:
    sim = make_simulator()
    sim.switch("rina", "rina", profile)
    with pytest.raises(PermanentSendError):
        await sim.send(RINA, content, "k1")


async def test_a_whatsapp_group_has_no_buttons_and_whatsapp_edits_nothing() -> None:
    sim = make_simulator()
    sim.switch("dewi", "forum", "whatsapp_group")
    assert sim.capabilities(GROUP).buttons == 0
    with pytest.raises(PermanentSendError):
        await sim.send(GROUP, make_text("x", "Ya"), "k1")
    sim.switch("rina", "rina", "whatsapp")
    native = await sim.send(RINA, make_text("x"), "k2")
    with pytest.raises(PermanentSendError):
        await sim.edit(RINA, native, make_text("y"))
    with pytest.raises(LookupError):
        sim.switch("rina", "rina", "whatsapp_group")


@pytest.mark.parametrize(
    ("titles", "look"), [(["a"] * 3, "reply"), (["a"] * 4, "list"), (["Dua puluh satu huruf.", "b"], "list")]
)
async def test_whatsapp_shows_up_to_three_short_reply_buttons_and_else_a_list(titles: list[str], look: str) -> None:
    sim = make_simulator()
    sim.switch("rina", "rina", "whatsapp")
    await sim.send(RINA, make_text("x", *titles), "k1")
    assert sim.screen("rina", "rina").bubbles[0].look == look
