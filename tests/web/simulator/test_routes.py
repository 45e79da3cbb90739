"""The simulator's page and what it posts."""

import re

import httpx
import pytest
from pendopo.adapters.simulator import Simulator
from pendopo.model import Chat, Choice, Phrase, Text, TextRun
from pendopo.web import build_web_app

from tests.web.conftest import OURS
from tests.web.fakes import Engine

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
RINA = {"person": "rina", "chat": "rina"}
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


async def test_nothing_is_said_by_an_empty_message(client: httpx.AsyncClient, engine: Engine) -> None:
    assert (await client.post("/simulator/say", data={**RINA, "text": "  "}, headers=OURS)).status_code == 204
    assert engine.stored == []


async def test_photos_are_taken_and_shown(client: httpx.AsyncClient, engine: Engine, simulator: Simulator) -> None:
    files = [("photos", ("a.png", PNG)), ("photos", ("b.png", PNG))]
    answer = await client.post("/simulator/say", data={**RINA, "text": "jalan"}, files=files, headers=OURS)
    assert answer.status_code == 204
    assert len({each.album for _, each in engine.stored}) == 1
    ref = simulator.screen("rina", "rina").bubbles[0].photos[0].ref
    picture = await client.get(f"/simulator/file/{ref}")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert (await client.get("/simulator/file/unknown")).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("surat.png", b"%PDF-1.7", "Berkas “surat.png” bukan foto. Kirim foto JPEG, PNG, WebP, atau GIF."),
        ("besar.png", PNG + b"\0" * 10 * 1024 * 1024, "Foto “besar.png” lebih dari 10 MB. Kirim foto yang lebih kecil."),
    ],
)
async def test_a_file_that_is_no_good_photo_is_explained(
    client: httpx.AsyncClient, engine: Engine, name: str, data: bytes, sentence: str
) -> None:
    answer = await client.post("/simulator/say", data=RINA, files={"photos": (name, data)}, headers=OURS)
    assert (answer.status_code, answer.text.strip()) == (422, sentence)
    assert engine.stored == []


async def test_at_most_ten_photos_at_once(client: httpx.AsyncClient) -> None:
    files = [("photos", (f"{n}.png", PNG)) for n in range(11)]
    answer = await client.post("/simulator/say", data=RINA, files=files, headers=OURS)
    assert (answer.status_code, answer.text.strip()) == (422, "Paling banyak 10 foto dalam satu kiriman.")


async def test_what_the_bot_does_not_take_is_shown_waiting(client: httpx.AsyncClient, engine: Engine) -> None:
    engine.broken = True
    assert (await client.post("/simulator/say", data={**RINA, "text": "halo"}, headers=OURS)).status_code == 204
    screen = (await client.get("/simulator/screen", params={"slot": "0", **RINA})).text
    assert 'aria-label="menunggu"' in screen


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


async def test_a_form_larger_than_its_limit_is_not_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/simulator/press", data={**RINA, "token": "x" * 70_000}, headers=OURS)
    assert answer.status_code == 413
