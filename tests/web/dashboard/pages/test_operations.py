"""What failed is shown to whoever keeps the installation, and tried again by a button that passes the gate."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pendopo import Context, Plugin
from pendopo.config import Settings, WebSettings
from pendopo.errors import PermanentSendError
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo_akun import plugin as akun
from pendopo_kelola import plugin as kelola
from pendopo_kelola.operations import ulangi

from tests.web.dashboard.conftest import SITE, Browser, directory, link


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    settings = Settings(web=WebSettings(public_url=SITE))
    async with Story([akun, kelola], settings=settings, directory=directory()) as told:
        yield told


@pytest.fixture
async def admin(story: Story) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(build_web_app(story.app, dashboard=story.app))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        browser = Browser(client)
        await browser.post(await link(story.actor("admin")))
        yield browser


async def test_a_dead_delivery_is_tried_again_by_a_button(story: Story, admin: Browser) -> None:
    lurah = story.actor("lurah")
    story.messenger.faults += [PermanentSendError("no such chat")] * 2  # and for the words alone
    await lurah.says("/akun")
    assert len(await story.stored.list_deliveries(state="dead")) == 1
    await admin.get("/operasi")
    assert "no such chat" in admin.words
    assert "Ada yang perlu" in admin.words or "Kiriman gagal" in admin.words
    before = len(lurah.messages)
    await admin.press("Coba semua lagi")
    assert "Dicoba lagi" in admin.words
    await story.advance(seconds=10)
    await story.app.rescan_work()
    await story.wait_until_idle()
    assert await story.stored.list_deliveries(state="dead") == []
    assert len(lurah.messages) == before + 1
    assert [line.object for line in await story.stored.list_audit_lines("sistem.ulang")] == ["delivery"]


async def test_nobody_else_can_press_it(story: Story, admin: Browser) -> None:
    await admin.get("/operasi")
    sekda = story.app.core.people.by_alias(["memory:sekda"])
    assert sekda is not None
    from pendopo.adapters.dashboard import pack_press

    token = story.app.dashboard_pages.seal_offer(sekda, ulangi, ["keluar", 0])
    await story.app.accept("web", [pack_press("x-12345678", sekda.id, story.clock.now(), token)])
    await story.wait_until_idle()
    assert await story.stored.list_audit_lines("sistem.ulang") == []
    assert [line.object for line in await story.stored.list_audit_lines("gate.refused")] == ["kelola.ulangi"]


async def test_a_plugin_that_is_degraded_is_shown_with_its_code() -> None:
    arsip = Plugin("arsip", summary="Arsip", policy="known", path=Path("."))

    @arsip.startup()
    async def mulai(ctx: Context) -> None:
        raise OSError("the archive is away")

    settings = Settings(web=WebSettings(public_url=SITE))
    async with Story([akun, kelola, arsip], settings=settings, directory=directory(), raises=False) as told:
        transport = httpx.ASGITransport(build_web_app(told.app, dashboard=told.app))
        async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
            browser = Browser(client)
            await browser.post(await link(told.actor("admin")))
            await browser.get("/operasi")
            assert told.app.core.gate.degraded["arsip"].code in browser.words
            assert "terganggu" in browser.words
            assert "Ada yang perlu dilihat" in browser.words
            assert "the archive is away" not in browser.words
            assert 'pendopo_plugin_up{plugin="arsip"} 0.0' in (await client.get("/metrics")).text
