"""What the simulator's page posts is read by what it is."""

import httpx
import pytest
from pendopo.adapters.simulator import Simulator

from tests.web.conftest import OURS, RINA
from tests.web.fakes import Engine

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


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


async def test_a_form_larger_than_its_limit_is_not_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("/simulator/press", data={**RINA, "token": "x" * 70_000}, headers=OURS)
    assert answer.status_code == 413
