"""Signing in: who holds a phone that the directory knows gets in, and nobody else."""

import re
from collections.abc import Callable

import pytest
from pendopo.testing import Story

from .conftest import SITE, Browser, Sign, link

Open = Callable[[], Browser]


async def test_a_link_signs_in_whoever_asked_for_it_in_their_chat(story: Story, open_browser: Open) -> None:
    browser = open_browser()
    path = await link(story.actor("sekda"))
    await browser.get(path)
    assert "Masuk sebagai Sekda" in browser.words
    assert (await browser.post(path)).headers["location"] == "/hari-ini"
    await browser.get("/hari-ini")
    assert "Sekda" in browser.words
    assert "Bambang Suryana" in browser.words


async def test_looking_at_a_link_spends_nothing_and_pressing_spends_it(story: Story, open_browser: Open) -> None:
    preview, browser = open_browser(), open_browser()
    path = await link(story.actor("sekda"))
    for _ in range(3):
        looked = await preview.get(path)
        assert looked.status_code == 200
        assert not preview.client.cookies
    assert (await browser.post(path)).status_code == 303
    assert (await preview.post(path)).status_code == 410
    assert (await preview.get(path)).status_code == 410


async def test_a_link_ends_after_five_minutes(story: Story, open_browser: Open) -> None:
    path = await link(story.actor("sekda"))
    await story.advance(minutes=5, seconds=1)
    assert (await open_browser().post(path)).status_code == 410


async def test_a_link_is_told_only_in_private_and_its_words_are_not_kept(story: Story) -> None:
    sekda = story.actor("sekda")
    await sekda.says("/masuk", group=True)
    story.group.does_not_see("http")
    path = await link(sekda)
    secret = path.rpartition("/")[2]
    for table in ("delivery", "web_ticket", "inbox", "audit_note"):
        assert all(secret not in str(row) for row in await story.stored.list_table(table))


async def test_nobody_signed_in_sees_nothing_and_comes_back_to_where_they_were_going(story: Story, open_browser: Open) -> None:
    browser = open_browser()
    answer = await browser.get("/orang?cari=sekda")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/masuk?lanjut=/orang%3Fcari%3Dsekda"
    assert (await browser.get("/orang", **{"hx-request": "true"})).status_code == 401
    assert (await browser.get("/aliran", accept="text/event-stream", **{"hx-request": "true"})).status_code == 401


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example", "/\\evil.example"])
async def test_nobody_is_led_to_another_site(open_browser: Open, path: str) -> None:
    assert (await open_browser().get(f"/masuk?lanjut={path}")).status_code == 400


async def test_links_are_not_handed_out_without_end(story: Story) -> None:
    sekda = story.actor("sekda")
    for _ in range(5):
        await link(sekda)
    await sekda.says("/masuk")
    sekda.sees("Terlalu sering")
    await story.advance(minutes=16)
    await link(sekda)


async def test_guessing_links_ends_soon(open_browser: Open) -> None:
    browser = open_browser()
    codes = [(await browser.post(f"/masuk/{number:043}")).status_code for number in range(25)]
    assert codes[:20] == [410] * 20
    assert codes[20:] == [429] * 5


async def test_guessing_keeps_nobody_else_behind_the_same_address_out(story: Story, open_browser: Open) -> None:
    guesser = open_browser()
    for number in range(30):
        await guesser.post(f"/masuk/{number:043}")
    assert [(await open_browser().post("/masuk/qr")).status_code for _ in range(30)] == [200] * 30
    for who in ("sekda", "kadis", "lurah"):
        assert (await open_browser().post(await link(story.actor(who)))).status_code == 303


async def test_mistyped_codes_close_no_link_and_the_three_numbers_stay_the_same(story: Story, open_browser: Open) -> None:
    sekda = story.actor("sekda")
    for number in range(10):
        await sekda.says(f"/masuk AAAAAAAAA{number}")
        await sekda.says("/batal")
    assert (await open_browser().post(await link(sekda))).status_code == 303
    kadis, shown = story.actor("kadis"), (await open_browser().post("/masuk/qr")).text
    code = re.findall(r"/masuk ([A-Z0-9]{10})", shown)[0]
    asked = set()
    for _ in range(3):
        await kadis.says(f"/masuk {code}")
        asked.add(tuple(choice.title for choice in kadis.last.buttons))
    assert len(asked) == 1


async def test_a_stranger_gets_no_link(story: Story) -> None:
    await story.stranger.says("/masuk")
    story.stranger.does_not_see(SITE)


async def test_a_post_from_another_site_is_refused(story: Story, open_browser: Open) -> None:
    path, client = await link(story.actor("sekda")), open_browser().client
    assert (await client.post(path, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert (await client.post(path)).status_code == 403
    assert (await client.post(path, headers={"origin": "https://evil.example"})).status_code == 403
    assert (await client.post(path, headers={"origin": SITE})).status_code == 303


# -- a computer, let in by a number ----------------------------------------------------------------------------------


async def shows_code(browser: Browser) -> tuple[str, str]:
    await browser.post("/masuk/qr", lanjut="/orang")
    assert browser.page is not None
    code, number = re.search(r"/masuk (\w{10})", browser.words), re.search(r"<b>(\d\d)</b>", browser.page.text)
    assert code
    assert number
    return code[1], number[1]


async def test_a_computer_is_let_in_by_the_number_on_its_screen(story: Story, open_browser: Open) -> None:
    browser, sekda = open_browser(), story.actor("sekda")
    code, number = await shows_code(browser)
    assert (await browser.post("/masuk/ambil")).status_code == 204
    await sekda.says(f"/masuk {code}")
    sekda.sees("Chrome, Windows")
    await sekda.presses(number)
    taken = await browser.post("/masuk/ambil")
    assert taken.headers["hx-redirect"] == "/orang"
    assert (await browser.get("/orang")).status_code == 200
    assert "Bambang Suryana" in browser.words


async def test_the_wrong_number_lets_nobody_in(story: Story, open_browser: Open) -> None:
    browser, sekda = open_browser(), story.actor("sekda")
    code, number = await shows_code(browser)
    await sekda.says(f"/masuk {code}")
    wrong = next(b.title for b in sekda.last.buttons if b.title.isdigit() and b.title != number)
    await sekda.presses(wrong)
    assert (await browser.post("/masuk/ambil")).headers["hx-redirect"] == "/masuk"
    assert (await browser.get("/orang")).status_code == 303


async def test_only_the_browser_that_showed_the_code_is_let_in(story: Story, open_browser: Open) -> None:
    browser, other, sekda = open_browser(), open_browser(), story.actor("sekda")
    code, number = await shows_code(browser)
    await sekda.says(f"/masuk {code}")
    await sekda.presses(number)
    assert (await other.post(f"/masuk/{code}")).status_code == 410
    assert (await other.post("/masuk/ambil")).headers["hx-redirect"] == "/masuk"
    assert not other.client.cookies


async def test_not_me_ends_all_my_sessions_and_tells_the_administrator(story: Story, open_browser: Open, sign_in: Sign) -> None:
    sekda = story.actor("sekda")
    mine, thief = await sign_in(sekda), open_browser()
    code, _ = await shows_code(thief)
    await sekda.says(f"/masuk {code}")
    await sekda.presses("Bukan saya")
    assert (await thief.post("/masuk/ambil")).headers["hx-redirect"] == "/masuk"
    assert (await mine.get("/hari-ini")).status_code == 303
    story.actor("admin").sees("Bambang Suryana menolak")


async def test_a_scanned_code_opens_the_same_question(story: Story, open_browser: Open) -> None:
    browser, sekda = open_browser(), story.actor("sekda")
    code, number = await shows_code(browser)
    await sekda.says(f"/start masuk_{code}")
    await sekda.presses(number)
    assert (await browser.post("/masuk/ambil")).headers["hx-redirect"] == "/orang"


# -- how long it lasts -----------------------------------------------------------------------------------------------
