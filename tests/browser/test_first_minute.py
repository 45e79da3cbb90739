"""The first minute in the simulator: a story to tap through, on a phone too, and words that are never lost."""

import pytest
from playwright.async_api import Page, expect

from .conftest import Open, hold, type_and_send
from .scripted import Scripted

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SMALL = """() => [...document.querySelectorAll("button, select, summary")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map((e) => e.textContent.trim())"""


async def tap(page: Page, step: str) -> None:
    """Open the story where it is closed, and tap one of its steps."""
    if not await page.locator(".story[open]").count():
        await page.locator(".story summary").click()
    await page.locator(".story button", has_text=step).first.click()


async def test_a_step_of_the_story_is_told_on_the_phone_of_whoever_speaks(page: Page) -> None:
    await tap(page, "Kadis PU minta izin")
    await expect(page.locator('.phone[data-person="rina"][data-chat="rina"]:visible')).to_contain_text("/izin besok jam 9")
    await tap(page, "Lurah Dago melaporkan banjir")
    await expect(page.locator('.phone[data-person="yuyun"][data-chat="yuyun"]:visible')).to_contain_text("/laporan banjir")
    await expect(page.locator(".story .done")).to_have_count(2)


async def test_what_is_pressed_on_a_phone_is_as_large_as_a_thumb(open_page: Open) -> None:
    page = await open_page("phone")
    assert await page.evaluate(SMALL) == []


async def test_names_begin_with_the_role(page: Page) -> None:
    phone = await hold(page, 1)
    assert await phone.locator("select option:checked").inner_text() == "Sekda · Bambang Suryana"


async def test_words_that_were_not_taken_stay_and_it_is_said(
    open_page: Open, engine: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_entry: object) -> None:
        raise OSError(28, "No space left on device")

    page = await open_page("phone", expected="507")
    phone = await hold(page, 0)
    with monkeypatch.context() as full:
        full.setattr(engine.simulator._log, "append_line", fail)
        await type_and_send(phone, "tiga pompa rusak")
        await expect(phone.locator(".error")).to_contain_text("Belum diterima")
        await expect(phone.get_by_placeholder("Tulis pesan…")).to_have_value("tiga pompa rusak")
    await phone.get_by_placeholder("Tulis pesan…").press("Enter")
    await expect(phone.locator(".own", has_text="tiga pompa rusak")).to_have_count(1)
    await expect(phone.get_by_placeholder("Tulis pesan…")).to_have_value("")


async def test_words_stay_when_the_simulator_cannot_be_reached(open_page: Open) -> None:
    page = await open_page("phone", expected="Failed|ERR_|TypeError")
    phone = await hold(page, 0)
    await page.route("**/simulator/say", lambda route: route.abort())
    await type_and_send(phone, "tiga pompa rusak")
    await expect(phone.locator(".error")).to_contain_text("Belum diterima")
    await expect(phone.get_by_placeholder("Tulis pesan…")).to_have_value("tiga pompa rusak")
