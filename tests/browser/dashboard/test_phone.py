"""Every page on a phone: each word and button whole, everything as wide as the screen allows, nothing too small to read."""

import pytest
from playwright.async_api import expect

from .conftest import SIZES, Enter, Town
from .test_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FAULTS = r"""() => {
  const found = [];
  const shown = (element) => element.checkVisibility() && !element.closest(".aside, .skip, .zoom");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || parent.closest("script, style, option, title")) continue;
    const scale = parent.ownerSVGElement ? parent.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < 11) found.push(`small ${size.toFixed(1)}: ${node.data.trim()}`);
    for (const word of node.data.matchAll(/\S+/gu)) {
      if (word[0].length > 24) continue;
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const tops = new Set([...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top)));
      if (tops.size > 1 && !/[-–\/_.]/.test(word[0])) found.push(`broken: ${word[0]}`);
      const box = range.getBoundingClientRect();
      if (box.right > innerWidth + 1 || box.left < -1) found.push(`out of sight: ${word[0]}`);
    }
  }
  for (const button of document.querySelectorAll("button, [role=button], .ways a")) {
    const range = document.createRange();
    range.selectNodeContents(button);
    const tops = new Set([...range.getClientRects()].filter((r) => r.width > 1).map((r) => Math.round(r.top / 4)));
    if (shown(button) && tops.size > 1) found.push(`wraps: ${button.textContent.trim()}`);
  }
  const width = document.getElementById("halaman").clientWidth;
  const parts = ".gallery li, .facts, .facts dd, .column, .card, .wide, .wide tbody tr, .tiles > svg";
  for (const part of document.querySelectorAll(parts)) {
    const narrow = part.getBoundingClientRect().width < width * 0.8;
    if (shown(part) && narrow) found.push(`narrow: ${part.className || part.tagName}`);
  }
  for (const part of document.querySelectorAll("#isi *")) {
    const style = getComputedStyle(part);
    const hidden = style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
    const cut = hidden && part.scrollWidth > part.clientWidth + 1;
    const counted = cut && shown(part) && !part.matches("input, select, .aside, thead, svg *");
    if (counted) found.push(`cut: ${part.className || part.tagName}`);
  }
  return found;
}"""


@pytest.mark.parametrize("width", [320, 390])
async def test_every_word_is_whole_and_every_part_as_wide_as_the_screen(enter: Enter, town: Town, width: int) -> None:
    for name, paths in PAGES.items():
        page = await enter(name, "phone")
        await page.set_viewport_size({"width": width, "height": 800})
        found = {}
        for path in paths:
            await page.goto(town.site + path)
            found[path] = await page.evaluate(FAULTS)
            assert await page.evaluate("document.documentElement.scrollWidth") == width, path
        assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("document.querySelector('.acts button').style.cssText = 'width: 3rem; white-space: normal'", "wraps|broken"),
        ("document.querySelector('.card').style.width = '40%'", "narrow|broken"),
        ("document.querySelector('.card p').style.fontSize = '9px'", "small"),
        ("document.querySelector('h1').style.cssText = 'position: relative; left: 200px'", "out of sight"),
    ],
)
async def test_the_measure_finds_what_is_cut(enter: Enter, harm: str, fault: str) -> None:
    page = await enter("sekda", "phone")
    assert await page.evaluate(FAULTS) == []
    await page.evaluate(harm)
    assert any(each.startswith(tuple(fault.split("|"))) for each in await page.evaluate(FAULTS))


async def test_the_bar_below_shows_where_one_is_and_leads_to_everything(enter: Enter, town: Town) -> None:
    page = await enter("sekda", "phone")
    for path in ("/izin", "/tindak-lanjut", "/disposisi", "/pengaturan"):
        bar = page.locator(".rooms")
        if not await bar.locator(f"a[href='{path}']:visible").count():
            await bar.get_by_text("Lainnya").click()
        await bar.locator(f"a[href='{path}']:visible").click()
        await page.wait_for_url(f"**{path}")
        here = page.locator(".rooms > ul [aria-current]:visible, .beyond .here")
        await expect(here).to_have_count(1)
        await expect(here).to_be_in_viewport(ratio=1)


TARGETS = """() => [...document.querySelectorAll("button, .rooms a, .beyond summary, .more a, .ways a, .filters input, select")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map((e) => e.textContent.trim())"""


async def test_what_is_pressed_is_as_large_as_a_thumb(enter: Enter, town: Town) -> None:
    for name, paths in PAGES.items():
        page = await enter(name, "phone")
        for path in paths:
            await page.goto(town.site + path)
            assert await page.evaluate(TARGETS) == [], path


async def test_what_waits_for_the_reader_stands_on_the_first_screen(enter: Enter, town: Town) -> None:
    page = await enter("sekda", "phone")
    for path in ("/hari-ini", "/izin"):
        await page.goto(town.site + path)
        await expect(page.get_by_role("button", name="Setujui", exact=True).first).to_be_in_viewport(ratio=1)
    kadis = await enter("kadis", "phone", path="/tindak-lanjut")
    await expect(kadis.locator(".card").first).to_be_in_viewport(ratio=1)


async def test_a_day_of_work_is_three_screens_and_a_list_goes_on(enter: Enter, town: Town) -> None:
    lurah = town.story.actor("lurah")
    for number in range(18):
        await lurah.says(f"/laporan sampah menumpuk di Kel. Dago RW {number + 1}")
    page = await enter("sekda", "phone")
    assert await page.evaluate("document.documentElement.scrollHeight") <= 3 * SIZES["phone"][1]
    await page.goto(f"{town.site}/laporan")
    rows = page.locator(".wide tr:visible")
    first = await rows.count()
    await page.get_by_role("button", name="Berikutnya").click()
    await expect(page.locator("[data-goes-on]")).to_have_count(2)
    assert await rows.count() > first
    await expect(page.locator(".wide tr", has_text="#1 ").last).to_be_visible()
    await expect(page.get_by_role("button", name="Berikutnya")).to_have_count(0)


async def test_a_row_says_only_what_there_is(enter: Enter, town: Town) -> None:
    page = await enter("sekda", "phone", path="/orang")
    assert "Mandat" not in await page.locator(".wide tbody").inner_text()
    await page.goto(f"{town.site}/laporan")
    row = page.locator(".wide tr").nth(1)
    first = [await row.locator(part).bounding_box() for part in ("td.title >> nth=0", "td.title >> nth=1", "td.state")]
    assert len({round(box["y"] / 12) for box in first if box}) == 1
