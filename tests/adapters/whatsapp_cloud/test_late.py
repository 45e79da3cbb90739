"""What is told of a message after it was taken: each kind of failure has its own consequence, and stale news has none."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pendopo import Context, Plugin, RestOfText, phrase
from pendopo.engine.outbound import reachability
from pendopo.errors import SendError
from pendopo.store.queries.deliveries import Delivery
from pendopo.web import build_web_app
from pendopo_izin import plugin as izin

from .conftest import OFFICIALS, City, open_city
from .graph import Sent, error

KADIS, SEKDA = OFFICIALS["kadis"], OFFICIALS["sekda"]
ulang = Plugin("ulang", summary="Ulang", policy="known")


@ulang.command("ulang")
async def mengulang(ctx: Context, kata: RestOfText) -> None:
    """Say it again and again."""
    await ctx.reply(phrase("umum.pilihan", teks=kata * 300))


@ulang.command("surat")
async def mengirim(ctx: Context) -> None:
    """Send a letter."""
    file = await ctx.files.make_document("surat.pdf", b"%PDF-1.4", "application/pdf")
    await ctx.reply(phrase("umum.pilihan", teks="Suratnya"), document=file)


@pytest.fixture
async def kota(tmp_path: Path) -> AsyncIterator[City]:
    async with open_city(tmp_path, [izin, ulang], "") as city:
        yield city


async def ask_in_group(city: City) -> Sent:
    """Kadis asks, and the request lies on Sekda's phone."""
    await city.says(SEKDA, "halo")
    await city.says(KADIS, "/izin rakor besok jam 9")
    await city.presses(KADIS, "Kirim")
    return requests(city)[-1]


def requests(city: City) -> list[Sent]:
    return [sent for sent in city.screen(SEKDA) if "meminta izin" in sent.words]


async def fails(city: City, sent: Sent, code: int) -> None:
    await city.happens(city.graph.status(sent, "failed", code=code))


@pytest.mark.parametrize("code", [131000, 130429, 131056])
async def test_what_passes_is_sent_again_soon_and_not_as_a_repeat(city: City, code: int) -> None:
    await fails(city, await ask_in_group(city), code)
    assert len(requests(city)) == 1
    await city.advance(seconds=3)
    first, again = requests(city)
    assert again.words == first.words
    await city.presses(SEKDA, "Setujui")
    assert any("disetujui Sekda" in sent.words for sent in city.screen(KADIS))


async def test_an_account_that_may_not_send_rests_and_its_operator_is_told(city: City) -> None:
    await fails(city, await ask_in_group(city), 131042)
    city.graph.known.add("wamid.x")
    await city.app.adapters["whatsapp_cloud"].answer_press("wamid.x", "")  # what is only read proves nothing
    ready = await city.app.readiness()
    assert "131042" in ready["adapters"]["whatsapp_cloud"]["note"]
    assert not ready["ok"]
    await city.says(KADIS, "/tidakada")
    before = len(city.graph.messages)
    await city.advance(minutes=4)
    assert len(city.graph.messages) == before
    await city.advance(minutes=2)
    assert len(requests(city)) == 2
    assert (await city.app.readiness())["ok"]


async def test_who_is_not_there_is_told_of_where_it_was_asked_and_written_to_again_when_they_write(city: City) -> None:
    await fails(city, await ask_in_group(city), 131026)
    assert any("tidak tersampaikan" in sent.words for sent in city.screen(KADIS))
    assert [row.state for row in await city.stored.list_deliveries() if row.state != "sent"] == ["dead"]
    assert (
        await reachability.find_private_chat(city.app.core, city.app.core.people.with_role("sekda", city.clock.now())[0])
        is None
    )
    await city.says(SEKDA, "halo lagi")
    assert await reachability.find_private_chat(city.app.core, city.app.core.people.with_role("sekda", city.clock.now())[0])


async def test_a_message_that_one_person_does_not_get_leaves_the_chat_open(city: City) -> None:
    await fails(city, await ask_in_group(city), 130472)
    assert any("tidak tersampaikan" in sent.words for sent in city.screen(KADIS))
    assert await reachability.find_private_chat(city.app.core, city.app.core.people.with_role("sekda", city.clock.now())[0])


async def test_what_whatsapp_does_not_take_is_a_dead_letter(city: City) -> None:
    await fails(city, await ask_in_group(city), 131053)
    await city.advance(minutes=10)
    [dead] = await city.stored.list_deliveries(state="dead")
    assert "131053" in dead.error
    assert len(requests(city)) == 1


async def test_a_file_that_whatsapp_does_not_take_after_all_goes_as_words(kota: City) -> None:
    await kota.says(KADIS, "/surat")
    sent = kota.screen(KADIS)[-1]
    assert sent.body["type"] == "document"
    await fails(kota, sent, 131053)
    words = kota.screen(KADIS)[-1].words
    assert "Suratnya" in words
    assert "berkasnya tidak dapat dikirim" in words
    assert await kota.stored.list_deliveries(state="dead") == []
    await fails(kota, kota.screen(KADIS)[-1], 131053)
    assert len(await kota.stored.list_deliveries(state="dead")) == 1


async def test_stale_news_of_the_attempt_that_failed_settles_nothing(city: City) -> None:
    lost = await ask_in_group(city)
    city.graph.faults.append(error(131000))
    await fails(city, lost, 131000)
    await city.advance(seconds=1.5)  # the second attempt stumbles too, and a third is to come
    for state in ("sent", "delivered", "failed"):
        await city.happens(city.graph.status(lost, state, **({"code": 131000} if state == "failed" else {})))
    await city.advance(minutes=1)
    assert len(requests(city)) == 2


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
async def test_a_lost_answer_is_settled_by_our_own_key_in_a_status_and_nothing_is_repeated(city: City, state: str) -> None:
    city.graph.lost.append(None)
    await city.says(KADIS, "/tidakada")
    [once] = city.screen(KADIS)
    await city.happens(city.graph.status(once, state))
    await city.advance(minutes=5)
    assert city.screen(KADIS) == [once]
    assert [(row.state, row.native_id) for row in await city.stored.list_deliveries()] == [("sent", once.wamid)]


async def test_a_change_whose_answer_got_lost_is_known_by_its_new_message(city: City) -> None:
    await city.says(KADIS, "/izin rakor besok jam 9")
    city.graph.lost.append(None)
    await city.presses(KADIS, "Batal")
    change = city.screen(KADIS)[-1]
    await city.happens(city.graph.status(change, "delivered"))
    await city.advance(minutes=5)
    assert city.screen(KADIS)[-1] == change
    # The draft goes on as this message: what quotes it answers the draft.
    told = [row.native_id for row in await city.stored.list_deliveries() if row.kind != "answer"]
    assert told == [change.wamid, change.wamid]


async def test_a_failure_that_was_noted_and_not_acted_upon_is_acted_upon_after_a_crash(city: City) -> None:
    lost = await ask_in_group(city)
    failed = city.app.outbox.retries.handle_send_failure

    async def dies(delivery: Delivery, error: SendError) -> None:
        city.app.outbox.retries.handle_send_failure = failed
        raise ZeroDivisionError

    city.app.outbox.retries.handle_send_failure = dies
    await fails(city, lost, 131000)
    await city.advance(minutes=3)
    assert len(requests(city)) == 2


async def test_of_a_change_that_was_told_anew_it_is_the_change_that_is_told_again(city: City) -> None:
    request = await ask_in_group(city)
    await city.says(KADIS, "/izin batal 1")
    change = city.screen(SEKDA)[-1]
    assert "itarik" in change.words
    await fails(city, change, 131000)
    await city.advance(seconds=3)
    assert "itarik" in city.screen(SEKDA)[-1].words
    assert city.screen(SEKDA)[-1].wamid != change.wamid
    assert len(requests(city)) == 1
    assert requests(city)[0].wamid == request.wamid


async def test_the_window_that_turns_out_closed_holds_the_message_and_whoever_asked_is_told(kota: City) -> None:
    lost = await ask_in_group(kota)
    await fails(kota, lost, 131047)
    assert any("ditahan" in sent.words for sent in kota.screen(KADIS))
    assert (await kota.app.readiness())["outbox"] == {"waiting": 0, "waiting_for_window": 1, "dead": 0}
    await kota.advance(seconds=1)
    await kota.says(SEKDA, "halo lagi")
    assert len(requests(kota)) == 2
    await kota.presses(SEKDA, "Setujui")
    assert any("disetujui Sekda" in sent.words for sent in kota.screen(KADIS))


async def test_a_part_of_a_message_that_fails_makes_it_a_dead_letter(kota: City) -> None:
    await kota.says(KADIS, "/ulang " + "kata-kata yang panjang ")
    first, last = kota.screen(KADIS)
    assert first.body["biz_opaque_callback_data"] != last.body["biz_opaque_callback_data"]
    await fails(kota, first, 131000)
    [dead] = await kota.stored.list_deliveries(state="dead")
    assert "a part of it failed: 131000" in dead.error


async def test_news_of_the_first_part_does_not_stand_for_the_whole(kota: City) -> None:
    kota.graph.faults.extend([None, error(131000)])
    await kota.says(KADIS, "/ulang " + "kata-kata yang panjang ")
    [first] = kota.screen(KADIS)
    await kota.happens(kota.graph.status(first, "delivered"))
    await kota.advance(minutes=1)
    [_, last] = kota.screen(KADIS)  # what was sent already is not sent again
    assert last.words.rstrip().endswith("panjang")
    assert last.body["biz_opaque_callback_data"] != first.body["biz_opaque_callback_data"]


async def test_what_is_charged_for_is_counted_for_the_operator(city: City) -> None:
    sent = await ask_in_group(city)
    pricing = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    for state in ("sent", "delivered", "read"):
        await city.happens(city.graph.status(sent, state, pricing=pricing))
    transport = httpx.ASGITransport(build_web_app(city.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        told = (await client.get("/metrics")).text
    assert 'pendopo_charged_total{adapter="whatsapp_cloud",billable="yes",category="service"} 1.0' in told
    assert 'pendopo_outbox{state="waiting_for_window"} 0.0' in told
