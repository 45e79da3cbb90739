"""Each page in a real browser: on a phone and on a desktop, by day and by night, live, for everybody."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.web.dashboard.city import EVIL

from .conftest import BORDERS, SIZES, Enter, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PAGES = {
    "sekda": [
        *("/hari-ini", "/izin", "/izin/1", "/izin/rekap", "/laporan", "/laporan/galeri", "/laporan/1", "/rapat", "/rapat/1"),
        *("/tindak-lanjut", "/tindak-lanjut/1", "/disposisi", "/disposisi/1", "/orang", "/orang/1", "/audit", "/pengaturan"),
    ],
    "admin": ["/operasi"],
}


async def faults(page: Page) -> list[tuple[str, list[object]]]:
    found = (await Axe().run(page, options=WCAG)).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


async def test_axe_finds_nothing_on_any_page_and_nothing_is_wider_than_the_screen(enter: Enter, town: Town, size: str) -> None:
    scheme = {"phone": "dark", "desktop": "light"}[size]  # colours do not depend on how wide a page is
    for name, paths in PAGES.items():
        page = await enter(name, size, scheme)
        for path in paths:
            await page.goto(town.site + path)
            assert await faults(page) == [], (path, size, scheme)
            assert await page.evaluate("document.documentElement.scrollWidth") == SIZES[size][0], path


@pytest.mark.parametrize("town", [BORDERS], indirect=True, ids=["borders"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_map_of_borders_is_for_everybody(enter: Enter, size: str, scheme: str) -> None:
    page = await enter("sekda", size, scheme, path="/laporan")
    drawn = page.locator("svg.borders path")
    await expect(drawn).to_have_count(4)
    assert await faults(page) == []
    assert min(await drawn.evaluate_all("paths => paths.map(path => path.getBoundingClientRect().width)")) > 100
    assert await page.evaluate("document.documentElement.scrollWidth") == SIZES[size][0]


COLOURS = """["backgroundColor", "color"].map(name =>
    getComputedStyle(document.querySelector(name === "color" ? "h1" : "body"))[name].match(/\\d+/g).slice(0, 3).map(Number))"""
CONTROLS = "button:visible, nav:visible, input:visible, select:visible"
CONTENT = {
    "/hari-ini": ".card",
    "/izin": "table",
    "/laporan": "section:not(.tiles) table",
    "/rapat/1": ".opening",
    "/tindak-lanjut": ".card, table",
}


async def test_paper_shows_what_a_page_says_and_none_of_its_controls(enter: Enter, town: Town) -> None:
    page = await enter("sekda", scheme="dark")
    for path, content in CONTENT.items():
        await page.goto(town.site + path)
        assert await page.locator(".masthead:visible").count() > 0
        await page.emulate_media(media="print")
        await expect(page.locator(content).first).to_be_visible()
        assert await page.locator(CONTROLS).all_inner_texts() == [], path
        paper, ink = await page.evaluate(COLOURS)
        assert (max(paper), min(paper), max(ink) < 100) == (255, 255, True), path
        await page.emulate_media(media="screen")


async def test_the_way_in_is_for_everybody_too(enter: Enter, town: Town, size: str) -> None:
    page = await enter("lurah", size)
    await page.get_by_role("button", name="Keluar").first.click()
    await page.wait_for_url("**/masuk")
    assert await faults(page) == []
    await page.get_by_role("button", name="Tampilkan kode").click()
    await page.get_by_text("Cocokkan angka").wait_for()
    assert await faults(page) == []


async def test_a_computer_is_let_in_while_its_owner_looks_at_the_phone(enter: Enter, town: Town) -> None:
    page = await enter("lurah")
    await page.context.clear_cookies()
    await page.goto(f"{town.site}/masuk?lanjut=/orang")
    await page.get_by_role("button", name="Tampilkan kode").click()
    code = (await page.locator("code").last.inner_text()).split()[-1]
    number = await page.locator(".match b").inner_text()
    camat = town.story.actor("camat")
    await camat.says(f"/masuk {code}")
    await camat.presses(number)
    await page.wait_for_url("**/orang")
    await expect(page.locator(".whoami")).to_contain_text("Camat Coblong")


async def test_what_happens_in_a_chat_appears_on_an_open_page_by_itself(enter: Enter, town: Town, size: str) -> None:
    page = await enter("sekda", size, path="/laporan")
    await page.wait_for_function("document.documentElement.dataset.live === 'on'")
    await town.story.actor("lurah").says("/laporan sampah menumpuk di Kel. Dago dekat pasar")
    await page.get_by_text("menumpuk di Kel. Dago").first.wait_for()


async def test_an_izin_is_decided_with_one_press_and_the_answer_is_seen(enter: Enter, town: Town, size: str) -> None:
    page = await enter("sekda", size)
    kadis = town.story.actor("kadis")
    await kadis.says("/izin 20 Agustus jam 9 studi banding")
    await kadis.presses("Kirim")
    card = page.locator(".card", has_text="Studi banding").first
    await card.get_by_role("button", name="Setujui", exact=True).click()
    await page.wait_for_load_state()
    await expect(
        page.locator(".card", has_text="Studi banding").get_by_role("button", name="Setujui", exact=True)
    ).to_have_count(0)
    kadis.sees("Disetujui")


async def test_a_question_is_answered_on_the_page(enter: Enter, town: Town) -> None:
    kadis = town.story.actor("kadis")
    await kadis.says("/izin 25 Agustus jam 9 kunjungan kerja")
    await kadis.presses("Kirim")
    page = await enter("sekda")
    await page.locator(".card", has_text="Kunjungan kerja").first.get_by_role("button", name="Tolak…").click()
    answer = page.locator(".card .reply input[name=text]")
    await answer.fill("ada rapat anggaran")
    await answer.press("Enter")
    await expect(page.locator(".reply")).to_have_count(0)
    kadis.sees("ada rapat anggaran")


async def test_what_is_being_typed_outlives_news_on_the_page(enter: Enter, town: Town) -> None:
    """An answer of the bot that comes meanwhile draws the talk again; the half sentence in it is not lost."""
    kadis = town.story.actor("kadis")
    await kadis.says("/izin 26 Agustus jam 9 kunjungan industri")
    await kadis.presses("Kirim")
    page = await enter("sekda")
    await page.locator(".card", has_text="Kunjungan industri").first.get_by_role("button", name="Tolak…").click()
    answer = page.locator(".card .reply input[name=text]")
    await answer.fill("ada rapat")
    async with page.expect_response("**/jawaban?*"):
        await page.evaluate("htmx.trigger(document.getElementById('jawaban'), 'refresh')")
    await page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    await answer.press_sequentially(" anggaran")
    await expect(answer).to_be_focused()
    await answer.press("Enter")
    await expect(page.locator(".reply")).to_have_count(0)
    kadis.sees("ada rapat anggaran")


async def test_a_photo_is_looked_at_whole_and_closed_again(enter: Enter, size: str) -> None:
    page = await enter("sekda", size, path="/laporan/1")
    await page.locator(".shot").first.click()
    dialog = page.locator("dialog.zoom")
    await expect(dialog).to_be_visible()
    await dialog.locator("img").evaluate("image => image.decode()")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_words_of_people_run_nothing(enter: Enter, town: Town) -> None:
    page = await enter("sekda", path="/laporan/1")
    await expect(page.locator(".opening .lead")).to_contain_text(EVIL[:20])
    assert await page.locator("img[src='x']").count() == 0


async def test_everything_works_without_a_script(enter: Enter, town: Town) -> None:
    kadis = town.story.actor("kadis")
    await kadis.says("/izin 27 Agustus jam 9 seminar")
    await kadis.presses("Kirim")
    signed = await enter("sekda")
    state = await signed.context.storage_state()
    browser = signed.context.browser
    assert browser is not None
    context = await browser.new_context(java_script_enabled=False, storage_state=state)
    page = await context.new_page()
    await page.goto(f"{town.site}/hari-ini")
    await page.locator(".card", has_text="Seminar").first.get_by_role("button", name="Setujui", exact=True).click()
    await page.wait_for_load_state()
    kadis.sees("Disetujui")


async def test_no_more_than_100_kilobytes_come_with_the_first_page(enter: Enter, town: Town) -> None:
    import gzip

    page = await enter("sekda")
    sizes: list[int] = []
    names = await page.evaluate(
        "[location.href, ...[...document.querySelectorAll('link[href],script[src]')].map(e => e.href || e.src)]"
    )
    for name in dict.fromkeys(names):
        answer = await page.request.get(name)
        sizes.append(len(gzip.compress(await answer.body())))
    assert sum(sizes) < 100_000
