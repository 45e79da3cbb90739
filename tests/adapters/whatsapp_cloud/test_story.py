"""A whole conversation on WhatsApp: asked, decided by a button, told, over real HTTP against a strict Graph API."""

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from .conftest import OFFICIALS, City

KADIS, SEKDA = OFFICIALS["kadis"], OFFICIALS["sekda"]


async def test_asked_decided_by_a_button_and_told(city: City) -> None:
    await city.says(SEKDA, "halo")
    await city.says(KADIS, "/izin menghadiri rakor *Bappenas* 😀 besok jam 9")
    draft = city.screen(KADIS)[-1]
    assert draft.body["interactive"]["type"] == "button"
    assert "Kirim" in draft.buttons
    assert "Menghadiri rakor" in draft.words
    await city.presses(KADIS, "Kirim")
    asked = city.screen(SEKDA)[-1]
    assert "meminta izin" in asked.words
    await city.presses(SEKDA, "Setujui")
    assert any("disetujui Sekda" in sent.words for sent in city.screen(KADIS))
    # Nothing is left, nothing died, and whatever was answered or touched has its blue ticks, once.
    assert {row.state for row in await sent(city)} == {"sent"}
    read = [each["message_id"] for each in city.graph.reads]
    assert len(read) == len(set(read)) == 4


async def sent(city: City) -> Sequence[Any]:
    return await city.stored.list_deliveries()


async def test_a_touch_by_somebody_else_decides_nothing(city: City) -> None:
    await city.says(SEKDA, "halo")
    await city.says(KADIS, "/izin rakor besok jam 9")
    await city.presses(KADIS, "Kirim")
    asked = city.screen(SEKDA)[-1]
    await city.happens(city.people.touches(KADIS, asked.wamid, "Setujui"))
    assert not any("disetujui Sekda" in sent.words for sent in city.screen(KADIS))
    await city.presses(SEKDA, "Setujui")
    assert any("disetujui Sekda" in sent.words for sent in city.screen(KADIS))


async def test_a_superior_who_was_silent_for_a_day_gets_the_template_and_answers_it(city: City) -> None:
    await city.says(SEKDA, "halo")
    await city.advance(hours=25)
    await city.says(KADIS, "/izin rakor besok jam 9")
    await city.presses(KADIS, "Kirim")
    told = city.screen(SEKDA)[-1]
    assert told.body["type"] == "template"
    assert "1. Setujui 2. Tolak" in told.words
    await city.says(SEKDA, "1")  # few people quote
    assert any("disetujui Sekda" in sent.words for sent in city.screen(KADIS))


async def test_what_was_told_too_late_to_have_failed_is_told_again_when_it_can_be(city: City) -> None:
    await city.says(SEKDA, "halo")
    city.graph.closed.add(SEKDA.phone)
    city.graph.late = True
    await city.says(KADIS, "/izin rakor besok jam 9")
    await city.presses(KADIS, "Kirim")
    lost = city.screen(SEKDA)[-1]
    assert [value["statuses"][0]["id"] for value in city.graph.owed] == [lost.wamid]
    await city.advance(seconds=2)
    await city.happens(*city.graph.owed)
    await city.says(SEKDA, "halo lagi")
    # By a template at once, or as it was when the window is open again: either can be answered.
    again = next(sent for sent in reversed(city.screen(SEKDA)) if "meminta izin" in sent.words)
    assert again.wamid != lost.wamid
    await city.happens(city.people.says(SEKDA, "setujui", context={"id": again.wamid}))
    assert any("disetujui Sekda" in sent.words for sent in city.screen(KADIS))


async def test_reports_in_any_order_go_forward_only(city: City) -> None:
    await city.says(KADIS, "/tidakada")
    last = city.screen(KADIS)[-1]
    for state in ("read", "sent", "delivered", "read"):
        await city.happens(city.graph.status(last, state))
    assert [row.report for row in await city.stored.list_deliveries(kind="send")] == [3]


def test_without_whatsapp_no_http_client_is_loaded() -> None:
    code = "import sys, pendopo.adapters.whatsapp_cloud; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
