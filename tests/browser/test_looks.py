"""The page for everybody: any width, any light, with or without a mouse."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from .conftest import SIZES, Open, hold, open_chat, type_and_send
from .pictures import picture
from .scripted import Scripted

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


async def lively(page: Page, engine: Scripted) -> None:
    """Fill the phones with everything that can be seen on one."""
    kadis = await hold(page, 0)
    await kadis.get_by_label("Lampirkan foto").set_input_files([picture("a.png"), picture("b.png"), picture("c.png")])
    await type_and_send(kadis, "Kondisi jalan")
    await kadis.locator(".own img").first.wait_for()
    await type_and_send(kadis, "/izin besok 13.00 rapat di provinsi dengan judul yang panjang sekali")
    await kadis.locator(".message.bot", has_text="diteruskan").wait_for()
    sekda = await hold(page, 1)
    await open_chat(sekda, "Pendopo")
    await type_and_send(sekda, "/bantuan")
    await sekda.locator("code").first.wait_for()
    await engine.simulator.say("agus", "agus", "", location=(-6.9, 107.6, "Balai Kota"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_axe_finds_nothing(open_page: Open, engine: Scripted, size: str, scheme: str) -> None:
    page = await open_page(size, scheme)
    await lively(page, engine)
    for slot in range(4) if size == "phone" else [0]:
        await hold(page, slot)
        found = (await Axe().run(page, options=WCAG)).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [320, 390, 600, 820, 1024, 1440, 1920])
async def test_nothing_is_wider_than_the_screen(open_page: Open, engine: Scripted, width: int) -> None:
    page = await open_page("phone" if width < 768 else "desktop")
    await lively(page, engine)
    await engine.simulator.say("rina", "forum-pimpinan", "x" * 300)
    await page.set_viewport_size({"width": width, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_one_phone_at_a_time_on_a_narrow_screen_and_four_on_a_wide_one(page: Page) -> None:
    narrow = page.viewport_size is not None and page.viewport_size["width"] == SIZES["phone"][0]
    await expect(page.locator(".phone:visible")).to_have_count(1 if narrow else 4)


async def test_the_composer_is_in_sight_without_scrolling(page: Page) -> None:
    phone = await hold(page, 0)
    await expect(phone.get_by_role("button", name="Kirim", exact=True)).to_be_in_viewport(ratio=1)


async def test_unread_messages_show_at_the_other_phone_on_a_narrow_screen(open_page: Open) -> None:
    page = await open_page("phone")
    await type_and_send(await hold(page, 0), "Selamat pagi")
    badge = page.locator('[data-switch="2"] .badge')
    await expect(badge).to_have_text("1")
    await hold(page, 2)
    await expect(badge).to_be_hidden()


async def test_a_message_and_a_button_need_no_mouse(open_page: Open) -> None:
    page = await open_page("desktop", query="?p=rina/rina")
    phone = page.locator("#phone-0")
    await phone.get_by_placeholder("Tulis pesan…").focus()
    await page.keyboard.type("pilih")
    await page.keyboard.press("Enter")
    button = phone.get_by_role("button", name="Dinas nomor 2")
    await button.wait_for()
    for _ in range(30):
        if await button.evaluate("element => element === document.activeElement"):
            break
        await page.keyboard.press("Shift+Tab")
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_an_unknown_page_says_so_in_a_sentence(open_page: Open, simulator_url: str) -> None:
    page = await open_page("phone", expected="404")
    await page.goto(simulator_url + "/tidak-ada")
    await expect(page.get_by_role("heading")).to_have_text("Halaman ini tidak ada.")
