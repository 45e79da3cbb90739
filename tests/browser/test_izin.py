"""The whole bot behind the page: an izin is asked in the group, decided by a button or a number, and told."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.config import load_settings
from pendopo.engine.clock import SystemClock
from pendopo.testing.clock import START
from pendopo.web import Server, build_web_app
from playwright.async_api import Page, expect

from .conftest import hold, open_chat, type_and_send

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KADIS, SEKDA, WALIKOTA = 0, 1, 2


@pytest_asyncio.fixture(loop_scope="session")
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """Pendopo as `pendopo run` puts it together, on a database of its own."""
    environ = {"PENDOPO_DATA_DIR": str(tmp_path), "PENDOPO_DATABASE__URL": f"sqlite:///{tmp_path}/pendopo.db"}
    bot = await compose_bot(load_settings(environ=environ))
    assert isinstance(bot.app.clock, SystemClock)
    # A working morning: at night "besok" would rightly be asked about.
    await bot.app.clock.shift(START - bot.app.clock.now())
    await bot.app.start()
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(build_web_app(bot.app, bot.simulator))
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0)
    yield server
    server.should_exit = True
    await serving
    await bot.app.stop()


async def ask(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await type_and_send(kadis, "/izin menghadiri rakor Bappenas besok jam 9 di Jakarta")
    await expect(kadis.locator(".message.bot").last).to_contain_text("Akan diajukan kepada Sekda")


async def test_asked_in_the_group_decided_by_a_button_and_told(page: Page) -> None:
    sekda = await hold(page, SEKDA)
    await open_chat(sekda, "Pendopo")
    await ask(page)
    kadis = await hold(page, KADIS)
    await expect(kadis.locator(".message.bot").last).to_contain_text("pukul 09.00 WIB")
    await kadis.get_by_role("button", name="Kirim", exact=True).first.click()
    await expect(kadis.locator(".message.bot").last).to_contain_text("Menunggu keputusan Sekda")

    sekda = await hold(page, SEKDA)
    await expect(sekda.locator(".message.bot").last).to_contain_text("Kadis PU meminta izin")
    await sekda.get_by_role("button", name="Setujui").click()
    await expect(sekda.locator(".message.bot").last).to_contain_text("Disetujui Sekda")

    kadis = await hold(page, KADIS)
    await expect(kadis.locator(".message.bot").last).to_contain_text("Disetujui Sekda")
    await open_chat(kadis, "Pendopo")
    await expect(kadis.locator(".message.bot").last).to_contain_text("Anda disetujui Sekda")


async def test_sent_by_a_number_in_a_whatsapp_group_refused_with_a_reason_and_told(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await kadis.get_by_role("button", name="WhatsApp grup").click()
    await expect(kadis.get_by_role("button", name="WhatsApp grup")).to_have_attribute("aria-pressed", "true")
    sekda = await hold(page, SEKDA)
    await open_chat(sekda, "Pendopo")
    await sekda.get_by_role("button", name="WhatsApp", exact=True).click()
    await ask(page)
    kadis = await hold(page, KADIS)
    await expect(kadis.locator(".message.bot").last).to_contain_text("1. Kirim")
    await type_and_send(kadis, "1")
    await expect(kadis.locator(".message.bot").last).to_contain_text("Menunggu keputusan Sekda")

    sekda = await hold(page, SEKDA)
    await sekda.get_by_role("button", name="Lihat pilihan").last.click()
    await sekda.get_by_role("dialog", name="Pilihan").get_by_role("button", name="Tolak…").click()
    await expect(sekda.locator(".message.bot").last).to_contain_text("Apa alasan penolakannya?")
    await type_and_send(sekda, "ada rapat paripurna")

    kadis = await hold(page, KADIS)
    await expect(kadis.locator(".message.bot").last).to_contain_text("Ditolak Sekda")
    await expect(kadis.locator(".message.bot").last).to_contain_text("Alasan: ada rapat paripurna")


async def test_a_walikota_who_has_nobody_above_is_told_so(page: Page) -> None:
    walikota = await hold(page, WALIKOTA)
    await type_and_send(walikota, "/izin sakit hari ini")
    await expect(walikota.locator(".message.bot").last).to_contain_text("tidak mempunyai atasan")
