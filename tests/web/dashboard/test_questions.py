"""A question of the bot stands beside what it asks about, names it, can be put away, and goes when the thing has moved on."""

import re

import pytest
from pendopo.testing import Story

from .conftest import Browser, Sign

QUESTION = "Apa alasan penolakannya?"


@pytest.fixture
async def sekda(story: Story, sign_in: Sign) -> Browser:
    """The Sekda with two izin before them, on the first of which a refusal was begun."""
    for actor, words in (("kadis", "/izin 20 Agustus jam 9 studi banding"), ("camat", "/izin 21 Agustus jam 9 seminar")):
        await story.actor(actor).says(words)
        await story.actor(actor).presses("Kirim")
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/izin/1")
    await browser.press("Tolak…")
    return browser


def card_of(browser: Browser, words: str) -> str:
    assert browser.page is not None
    cards = re.findall(r"<article.*?</article>", browser.page.text, re.DOTALL)
    return str(next(card for card in cards if words in card))


def talk_of(browser: Browser) -> str:
    assert browser.page is not None
    found = re.search(r'<section id="jawaban".*?</section>', browser.page.text, re.DOTALL)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("path", ["/hari-ini", "/izin"])
async def test_a_question_stands_in_the_card_of_its_item_and_nowhere_else(sekda: Browser, path: str) -> None:
    await sekda.get(path)
    assert QUESTION in card_of(sekda, "Studi banding" if path == "/hari-ini" else "#1")
    assert QUESTION not in card_of(sekda, "Seminar" if path == "/hari-ini" else "#2")
    assert QUESTION not in talk_of(sekda)
    assert sekda.words.count(QUESTION) == 1


async def test_a_question_stands_on_the_page_of_its_item_but_not_on_that_of_another(sekda: Browser) -> None:
    await sekda.get("/izin/1")
    assert sekda.words.count(QUESTION) == 1
    await sekda.get("/izin/2")
    assert QUESTION not in sekda.words
    assert "Menunggu jawaban Anda: Izin #1" in sekda.words


@pytest.mark.parametrize("path", ["/laporan", "/rapat", "/orang", "/pengaturan"])
async def test_other_pages_name_the_item_in_one_line(sekda: Browser, path: str) -> None:
    await sekda.get(path)
    assert QUESTION not in sekda.words
    assert '<a href="/izin/1">' in talk_of(sekda)
    assert "Kadis PU" in talk_of(sekda)


async def test_a_question_is_put_away(story: Story, sekda: Browser) -> None:
    await sekda.get("/hari-ini")
    assert sekda.page is not None
    form = re.search(r'<form class="away".*?</form>', sekda.page.text, re.DOTALL)
    assert form is not None
    await sekda.post("/ucap", **dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form[0])))
    await sekda.get("/hari-ini")
    assert QUESTION not in sekda.words
    assert "Setujui" in sekda.words


async def test_a_question_goes_when_the_item_has_moved_on(story: Story, sekda: Browser) -> None:
    await story.advance(minutes=1)
    await story.actor("sekda").says("/setuju 1")
    for path in ("/hari-ini", "/izin", "/laporan", "/izin/1"):
        await sekda.get(path)
        assert QUESTION not in sekda.words, path
        assert "Menunggu jawaban Anda" not in sekda.words, path


async def test_a_question_stays_when_another_item_moves_or_it_is_only_looked_at(story: Story, sekda: Browser) -> None:
    await story.advance(minutes=10)
    await story.actor("sekda").says("/setuju 2")
    await sekda.get("/izin/1")
    await sekda.get("/hari-ini")
    assert QUESTION in card_of(sekda, "Studi banding")


async def test_a_question_that_is_about_nothing_stays_above_the_page(story: Story, sekda: Browser) -> None:
    await sekda.post("/ucap", text="/batal", once="x" * 12, back="/hari-ini")
    await sekda.post("/ucap", text="/izin", once="y" * 12, back="/hari-ini")
    await sekda.get("/laporan")
    assert 'class="reply"' in talk_of(sekda)


async def test_an_answer_is_shown_for_some_minutes_only(story: Story, sekda: Browser) -> None:
    await sekda.post("/ucap", text="/batal", once="x" * 12, back="/hari-ini")
    await sekda.get("/hari-ini")
    assert "dibatalkan" in talk_of(sekda).lower()
    await story.advance(minutes=4)
    await sekda.get("/hari-ini")
    assert "dibatalkan" not in talk_of(sekda).lower()


async def test_whoever_decides_sees_when_it_is_who_stands_in_and_what_collides(story: Story, sign_in: Sign) -> None:
    await story.actor("kadis").says("/izin 20 Agustus jam 9 studi banding")
    await story.actor("kadis").presses("Kirim")
    await story.actor("kadis").says("/izin 20 Agustus jam 9 rakor")
    await story.actor("kadis").presses("Kirim")
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/hari-ini")
    card = card_of(browser, "Studi banding")
    assert "Kamis, 20 Agustus 2026" in card
    assert "#2" in card, "what collides"
    buttons = re.findall(r'<button type="submit" class="(\w*)">([^<]*)</button>', card)
    assert buttons == [
        ("", "Setujui"),
        ("secondary", "Setujui dengan catatan…"),
        ("secondary", "Tolak…"),
        ("secondary", "Tanya…"),
    ]
    await browser.get("/izin/1")
    assert re.search(r"Menunggu putusan\s+Sekda", browser.words)
    assert "Jejak" not in browser.words, "nothing has happened yet"


async def test_an_izin_is_approved_with_a_note_on_the_page(story: Story, sign_in: Sign) -> None:
    kadis = story.actor("kadis")
    await kadis.says("/izin 20 Agustus jam 9 studi banding")
    await kadis.presses("Kirim")
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/hari-ini")
    await browser.press("Setujui dengan catatan…")
    assert "Apa catatannya?" in card_of(browser, "Studi banding")
    await browser.post("/ucap", text="jangan lewat jam 12", once="z" * 12, back="/hari-ini")
    await story.advance(seconds=1)
    kadis.sees("Disetujui")
    kadis.sees("jangan lewat jam 12")
    await browser.get("/izin/1")
    assert "Jejak" in browser.words
    assert "Menunggu putusan" not in browser.words
