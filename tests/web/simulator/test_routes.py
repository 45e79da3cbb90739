"""The simulator's page and what it posts."""

import re
from datetime import datetime, timedelta
from errno import EACCES, ENOSPC, EROFS
from zoneinfo import ZoneInfo

import httpx
import pytest
from pendopo.adapters.simulator import Simulator
from pendopo.model import Chat, Choice, Phrase, Text, TextRun
from pendopo.web import build_web_app
from pendopo.web.simulator import routes

from tests.web.conftest import OURS, RINA
from tests.web.fakes import Engine

FORUM = {"person": "rina", "chat": "forum"}


async def test_the_front_page_leads_to_the_simulator(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/simulator")


async def test_without_a_messenger_there_is_no_simulator(engine: Engine) -> None:
    transport = httpx.ASGITransport(build_web_app(engine))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/simulator")).status_code == 404


async def test_the_page_shows_a_phone_for_each_person_and_the_time(client: httpx.AsyncClient) -> None:
    page = (await client.get("/simulator")).text
    assert "<title>Pendopo</title>" in page
    assert re.findall(r'aria-label="Ponsel ([^"]+)"', page) == ["Kadis PU", "Wali Kota"]
    assert "Kamis, 13 Agustus 2026, <b>09.00 WIB</b>" in page


async def test_an_address_can_say_which_phones_show_what(client: httpx.AsyncClient) -> None:
    page = (await client.get("/simulator", params={"p": ["dewi/dewi", "nobody/forum"]})).text
    assert re.findall(r'data-person="(\w+)" data-chat="(\w+)"', page) == [("dewi", "dewi"), ("dewi", "forum")]


async def test_what_is_said_reaches_the_engine_and_every_member(client: httpx.AsyncClient, engine: Engine) -> None:
    answer = await client.post("/simulator/say", data={**FORUM, "text": " halo <img onerror=x> "}, headers=OURS)
    assert answer.status_code == 204
    assert [(name, each.chat) for name, each in engine.stored] == [("simulator", "forum")]
    screen = (await client.get("/simulator/screen", params={"slot": "1", "person": "dewi", "chat": "forum"})).text
    assert "halo &lt;img onerror=x&gt;" in screen
    assert "<img onerror" not in screen


async def test_what_the_bot_does_not_take_is_shown_waiting(client: httpx.AsyncClient, engine: Engine) -> None:
    engine.broken = True
    assert (await client.post("/simulator/say", data={**RINA, "text": "halo"}, headers=OURS)).status_code == 204
    screen = (await client.get("/simulator/screen", params={"slot": "0", **RINA})).text
    assert 'aria-label="menunggu"' in screen


@pytest.mark.parametrize("reason", [ENOSPC, EROFS, EACCES])
@pytest.mark.parametrize("path", ["say", "press"])
async def test_what_cannot_be_kept_is_refused_in_a_sentence(
    client: httpx.AsyncClient, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, reason: int, path: str
) -> None:
    def fail(_entry: object) -> None:
        raise OSError(reason, "no")

    await simulator.say("rina", "rina", "halo")
    content = Text(spans=(TextRun("Setuju?"),), buttons=(Choice("t", Phrase("x"), "Ya"),))
    native = await simulator.send(Chat("simulator", "rina"), content, "k1")
    monkeypatch.setattr(simulator._log, "append_line", fail)
    form = {**RINA, "text": "halo", "message": native, "token": "t"}
    answer = await client.post(f"/simulator/{path}", data=form, headers=OURS)
    assert answer.status_code == 507
    assert answer.text.startswith("Belum diterima") is (path == "say")


async def test_a_button_is_pressed_once_and_spins_until_answered(
    client: httpx.AsyncClient, engine: Engine, simulator: Simulator
) -> None:
    content = Text(spans=(TextRun("Setuju?"),), buttons=(Choice("t1", Phrase("x"), "Ya"),))
    native = await simulator.send(Chat("simulator", "rina"), content, "k1")
    press = {**RINA, "message": native, "token": "t1"}
    assert (await client.post("/simulator/press", data=press, headers=OURS)).status_code == 204
    assert [each.kind for _, each in engine.stored] == ["press"]
    assert 'aria-busy="true"' in (await client.get("/simulator/screen", params={"slot": "0", **RINA})).text
    await simulator.answer_press("p1", "")
    assert "aria-busy" not in (await client.get("/simulator/screen", params={"slot": "0", **RINA})).text
    forged = {**press, "token": "forged"}
    assert (await client.post("/simulator/press", data=forged, headers=OURS)).status_code == 404


async def test_the_profile_of_a_chat_can_be_switched(client: httpx.AsyncClient, simulator: Simulator) -> None:
    answer = await client.post("/simulator/profile", data={**FORUM, "profile": "whatsapp_group"}, headers=OURS)
    assert (answer.status_code, simulator.screen("dewi", "forum").profile) == (204, "whatsapp_group")
    wrong = await client.post("/simulator/profile", data={**FORUM, "profile": "sms"}, headers=OURS)
    assert wrong.status_code == 404


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("15m", "Kamis, 13 Agustus 2026, <b>09.15 WIB"),
        ("1h", "Kamis, 13 Agustus 2026, <b>10.00 WIB"),
        ("besok", "Jumat, 14 Agustus 2026, <b>07.00 WIB"),
    ],
)
async def test_the_clock_can_be_moved(client: httpx.AsyncClient, step: str, shown: str) -> None:
    assert shown in (await client.post("/simulator/clock", data={"step": step}, headers=OURS)).text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/simulator/phone?slot=0&person=nobody", 404),
        ("GET", "/simulator/screen?slot=0&person=rina&chat=dewi", 404),
        ("GET", '/simulator/screen?slot="><b>&person=rina&chat=rina', 400),
        ("POST", "/simulator/clock", 404),
        ("POST", "/simulator/seen", 404),
        ("DELETE", "/simulator", 405),
    ],
)
async def test_nonsense_is_refused_without_a_fault(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    assert (await client.request(method, path, headers=OURS)).status_code == status


MIDNIGHT = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("Asia/Jayapura"))


def test_day_and_hour_in_words() -> None:
    assert (routes.day_in_words(MIDNIGHT), routes.hour_in_words(MIDNIGHT)) == ("Kamis, 31 Desember 2026", "23.30")


def test_tomorrow_is_the_next_morning_over_the_end_of_the_year() -> None:
    assert routes.resolve_step("besok", MIDNIGHT) == timedelta(hours=7, minutes=30)
