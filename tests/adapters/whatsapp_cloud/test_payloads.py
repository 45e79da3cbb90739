"""What the bot says fits what WhatsApp takes."""

import json

import pytest
from pendopo.adapters.whatsapp_cloud.payloads import make_payloads
from pendopo.model import Contact, Document, Location, Photo, Text, TextRun

from .bench import JPEG
from .conftest import Lab, words


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        (["Ya"], "button"),
        (["Setujui", "Tolak", "x" * 20], "button"),
        (["Setujui", "x" * 24], "list"),
        (["a", "b", "c", "d"], "list"),
        ([f"pilihan {n}" for n in range(10)], "list"),
        (["Sama", "Sama"], "button"),
        (["😀" * 11, "b"], "list"),
    ],
)
async def test_choices_are_buttons_or_a_list(lab: Lab, titles: list[str], kind: str) -> None:
    await lab.say(words("Pilih", *titles))
    assert lab.last.body["interactive"]["type"] == kind
    assert list(lab.last.buttons.values()) == [f"t-{n}" for n in range(len(titles))]


async def test_a_long_text_with_buttons_is_told_first_and_its_end_carries_the_buttons(lab: Lab) -> None:
    lines = [f"baris {n} dari surat yang panjang" for n in range(100)]
    native = await lab.say(words("\n".join(lines), "Setujui", "Tolak"))
    first, last = lab.graph.messages
    assert (first.words + "\n" + last.words).splitlines() == lines
    assert len(last.words) <= 1024
    assert (native, list(last.buttons), first.buttons) == (last.wamid, ["Setujui", "Tolak"], {})
    assert (first.body["biz_opaque_callback_data"], last.body["biz_opaque_callback_data"]) == ("k1+0", "k1")


async def test_styles_may_make_a_text_longer_than_one_message(lab: Lab) -> None:
    spans = tuple(TextRun(letter, bold=n % 2 == 0) for n, letter in enumerate(["kata ", "lain "] * 400))
    await lab.say(Text(spans=(*spans, TextRun("*" * 90))))
    assert len(lab.graph.messages) == 2


async def test_buttons_stand_under_a_picture_and_a_list_after_it(lab: Lab) -> None:
    blob = lab.lender.keep(JPEG)
    await lab.say(Photo(blob, words("Lubang?", "Ya", "Bukan")), "k1")
    assert "header" in lab.last.body["interactive"]
    await lab.say(Photo(blob, words("Lubang?", *"abcd")), "k2")
    assert [sent.body["type"] for sent in lab.graph.messages] == ["interactive", "image", "interactive"]
    await lab.say(Document(blob, "surat.jpg", words("Surat", "Ya")), "k3")
    assert lab.last.body["interactive"]["header"]["document"]["filename"] == "surat.jpg"
    await lab.say(Photo(blob, words("", "Ya")), "k4")
    assert list(lab.last.buttons) == ["Ya"]


async def test_places_and_cards_are_sent_as_such(lab: Lab) -> None:
    await lab.say(Location(-6.9, 107.6, "Balai Kota"))
    assert lab.last.body["location"] == {"latitude": -6.9, "longitude": 107.6, "name": "Balai Kota"}
    await lab.say(Contact("Rina", "+6281"))
    assert lab.last.body["contacts"][0]["phones"] == [{"phone": "+6281"}]


def test_a_body_comes_back_from_json_as_it_was() -> None:
    (letter,) = make_payloads(words("x", "Ya"))
    body = letter.make_fields()
    assert body["interactive"]["body"] == {"text": "x"}
    assert json.loads(json.dumps(body)) == body
