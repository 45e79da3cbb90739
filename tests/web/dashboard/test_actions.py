"""What is pressed on a page is an event like any other: once, by whom it was offered to, through the same gate."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator

import pytest
from pendopo import Button, Context, Day, Person, Plugin, UserError, phrase
from pendopo.config import Settings, WebSettings
from pendopo.engine.outbound import reachability
from pendopo.pages import Actions, Field, Form, Page, TextList
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo_akun import plugin as akun

from .conftest import SITE, Browser, directory, link

papan = Plugin("papan", summary="Papan", policy="known")
done: list[tuple[str, int]] = []


@papan.action(policy="role:sekda")
async def sahkan(ctx: Context, nomor: int) -> None:
    """Approve."""
    done.append((ctx.person.name, nomor))
    ctx.audit("papan.sahkan", f"papan/{nomor}")
    await ctx.reply(phrase("papan.disahkan", nomor=nomor))


@papan.command("pesan")
async def pesan(ctx: Context, hari: Day, siapa: Person) -> None:
    """Book a day for somebody."""
    if siapa.id == ctx.person.id:
        raise UserError("papan.diri")
    done.append((siapa.name, hari.on.day))
    await ctx.reply("papan.dipesan")


@papan.page("/papan", title="papan.judul")
async def papan_halaman(ctx: Context) -> Page:
    """The board, with a button that everybody sees and one that is for one alone."""
    only = ctx.people.with_role("walikota", ctx.now)
    buttons = [Button("papan.sahkan", sahkan, 7), Button("papan.khusus", sahkan, 8, allowed=only)]
    form = Form(phrase("papan.pesan"), pesan, [Field("hari", "Hari", kind="date"), Field("siapa", "Siapa")])
    return Page(phrase("papan.judul"), [Actions(buttons), form, TextList(["<b>x</b>"])])


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    done.clear()
    settings = Settings(web=WebSettings(public_url=SITE))
    async with Story([akun, papan], settings=settings, directory=directory()) as told:
        yield told


@pytest.fixture
async def sekda(story: Story) -> AsyncIterator[Browser]:
    async for browser in signed(story, "sekda"):
        yield browser


async def signed(story: Story, name: str) -> AsyncIterator[Browser]:
    import httpx

    transport = httpx.ASGITransport(build_web_app(story.app, dashboard=story.app))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        browser = Browser(client)
        await browser.post(await link(story.actor(name)))
        yield browser


async def test_a_press_does_what_the_button_would_do_in_a_chat_and_is_answered_on_the_page(
    story: Story, sekda: Browser
) -> None:
    await sekda.get("/papan")
    await sekda.press("papan.sahkan")
    assert done == [("Bambang Suryana", 7)]
    assert "papan.disahkan" in sekda.words
    lines = await story.stored.list_audit_lines("papan.sahkan")
    assert [(line.person, line.messenger) for line in lines] == [(story.app.core.people.by_alias(["memory:sekda"]).id, "web")]  # type: ignore[union-attr]


async def test_a_double_click_is_one_press(sekda: Browser) -> None:
    await sekda.get("/papan")
    fields = sekda.fields("papan.sahkan")
    await asyncio.gather(*(sekda.post("/tekan", **fields) for _ in range(3)))
    await sekda.post("/tekan", **fields)
    assert len(done) == 1


async def test_the_gate_is_asked_when_it_is_pressed_not_when_it_is_drawn(story: Story) -> None:
    async for camat in signed(story, "camat"):
        await camat.get("/papan")
        await camat.press("papan.sahkan")
        assert done == []
        assert "Sekda" in camat.words


async def test_a_button_for_somebody_else_is_not_shown(sekda: Browser) -> None:
    await sekda.get("/papan")
    assert "papan.khusus" not in sekda.words


async def test_nobody_can_press_what_was_offered_to_somebody_else(story: Story, sekda: Browser) -> None:
    async for camat in signed(story, "camat"):
        await camat.get("/papan")
        stolen = camat.fields("papan.sahkan")
    await sekda.get("/papan")
    await sekda.press("papan.sahkan", token=stolen["token"])
    assert done == []
    assert "Tombol ini" in sekda.words


@pytest.mark.parametrize("forged", ["x", "e30.e30", "e30.", ".", "a" * 3000])
async def test_what_no_page_offered_cannot_be_pressed(sekda: Browser, forged: str) -> None:
    await sekda.get("/papan")
    await sekda.press("papan.sahkan", token=forged)
    assert done == []
    assert "Tombol ini" in sekda.words


async def test_what_a_page_offered_cannot_be_changed(sekda: Browser) -> None:
    await sekda.get("/papan")
    body, _, seal = sekda.fields("papan.sahkan")["token"].partition(".")
    offer = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    offer["args"] = {"nomor": 8}
    other = base64.urlsafe_b64encode(json.dumps(offer).encode()).decode().rstrip("=")
    for token in (f"{other}.{seal}", f"{body}.{'A' * 43}", f"{body}.", body):
        await sekda.get("/papan")
        await sekda.press("papan.sahkan", token=token)
    assert done == []
    await sekda.get("/papan")
    await sekda.press("papan.sahkan")
    assert done == [("Bambang Suryana", 7)]


async def test_an_offer_ends_by_itself(story: Story, sekda: Browser) -> None:
    await sekda.get("/papan")
    fields = sekda.fields("papan.sahkan")
    for _ in range(7):  # its session is used all the while
        await story.advance(hours=1, minutes=50)
        await sekda.get("/papan")
    await sekda.post("/tekan", **fields)
    assert done == []


async def test_a_form_fills_in_what_a_command_needs(sekda: Browser) -> None:
    await sekda.get("/papan")
    await sekda.press("papan.pesan", **{"f.hari": "2026-08-20", "f.siapa": "Camat Coblong"})
    assert done == [("Hendra Gunawan", 20)]


async def test_what_cannot_be_read_is_asked_for_on_the_page_and_answered_there(sekda: Browser) -> None:
    await sekda.get("/papan")
    await sekda.press("papan.pesan", **{"f.hari": "2026-08-20", "f.siapa": "Siluman"})
    assert done == []
    assert sekda.page is not None
    reply = re.search(r'<form class="reply".*?</form>', sekda.page.text, re.DOTALL)
    assert reply, sekda.words
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', reply[0]))
    await sekda.post("/ucap", **{**fields, "text": "Camat Coblong"})
    assert done == [("Hendra Gunawan", 20)]


async def test_a_notice_never_goes_only_to_a_page(story: Story, sekda: Browser) -> None:
    """Whoever used the dashboard last is still told things in a chat, which they look at."""
    await sekda.get("/papan")
    await sekda.press("papan.sahkan")
    person = story.app.core.people.by_alias(["memory:sekda"])
    assert person is not None
    chat = await reachability.find_private_chat(story.app.core, person)
    assert chat is not None
    assert chat.adapter == "memory"


async def test_a_page_that_wants_to_change_something_is_an_error_and_changes_nothing(story: Story) -> None:
    jahat = Plugin("jahat", summary="Jahat", policy="known")

    @jahat.page("/jahat")
    async def halaman(ctx: Context) -> Page:
        await ctx.reply("jahat.x")
        return Page("x")

    from pendopo.errors import PluginError

    async with Story([jahat], directory=directory()) as other:
        with pytest.raises(PluginError, match="changes nothing"):
            await other.actor("sekda").opens("/jahat")
