"""What people do on their phones, seen through a browser."""

import pytest
from pendopo.web import Server
from playwright.async_api import Page, expect

from .conftest import Open, hold, open_chat, type_and_send
from .pictures import picture
from .scripted import Scripted

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KADIS, SEKDA, WALIKOTA = 0, 1, 2


async def test_a_request_is_asked_in_the_group_decided_by_a_button_and_told(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await type_and_send(kadis, "/izin besok 13.00 rapat di provinsi")
    await expect(kadis.locator(".own .tick")).to_have_accessible_name("terkirim")
    await expect(kadis.locator(".message.bot")).to_contain_text("Permohonan izin sudah diteruskan ke Sekda.")

    sekda = await hold(page, SEKDA)
    await expect(sekda.get_by_role("button", name="Pendopo 1 belum dibaca")).to_be_visible()
    await open_chat(sekda, "Pendopo")
    await expect(sekda.get_by_role("button", name="Pendopo", exact=True).locator(".badge")).to_have_count(0)
    await sekda.get_by_role("button", name="Setujui").click()
    await expect(sekda.locator(".message")).to_contain_text("Izin Kadis PU disetujui oleh Sekda.")
    await expect(sekda.locator(".stamp")).to_contain_text("diedit")
    await expect(sekda.get_by_role("status")).to_have_text("Tercatat.")

    kadis = await hold(page, KADIS)
    last = kadis.locator(".message.bot").last
    await expect(last.locator(".words")).to_have_text("Izin disetujui oleh Sekda.")
    await expect(last.locator(".quote")).to_contain_text("/izin besok 13.00 rapat di provinsi")


async def test_in_a_whatsapp_group_choices_are_numbers_and_every_member_sees_the_switch(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await kadis.get_by_role("button", name="WhatsApp grup").click()
    await expect(kadis.get_by_role("button", name="WhatsApp grup")).to_have_attribute("aria-pressed", "true")
    await type_and_send(kadis, "pilih")
    walikota = await hold(page, WALIKOTA)
    await expect(walikota.get_by_role("button", name="WhatsApp grup")).to_have_attribute("aria-pressed", "true")
    await expect(walikota.locator(".message.bot")).to_contain_text("2. Dinas nomor 2")
    await expect(walikota.locator(".keys")).to_have_count(0)


async def test_many_choices_on_whatsapp_are_a_list_and_the_chosen_one_is_said(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await open_chat(kadis, "Pendopo")
    await kadis.get_by_role("button", name="WhatsApp", exact=True).click()
    await expect(kadis.locator(".talk.whatsapp")).to_be_visible()
    await type_and_send(kadis, "pilih")
    await kadis.get_by_role("button", name="Lihat pilihan").click()
    await page.get_by_role("dialog", name="Pilihan").get_by_role("button", name="Dinas nomor 3").click()
    await expect(page.get_by_role("dialog", name="Pilihan")).to_be_hidden()
    await expect(kadis.locator(".own .words").last).to_have_text("Dinas nomor 3")


async def test_a_touched_button_spins_until_the_bot_answers(page: Page, engine: Scripted) -> None:
    kadis = await hold(page, KADIS)
    await open_chat(kadis, "Pendopo")
    await type_and_send(kadis, "pilih")
    button = kadis.get_by_role("button", name="Dinas nomor 1")
    await button.wait_for()
    engine.may_answer.clear()
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    engine.may_answer.set()
    await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_photos_are_shown_before_sending_and_arrive_as_one_message(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await kadis.get_by_label("Lampirkan foto").set_input_files([picture("a.png"), picture("b.png")])
    await expect(kadis.locator(".thumbs img")).to_have_count(2)
    await type_and_send(kadis, "Jalan Dago")
    await expect(kadis.locator(".thumbs img")).to_have_count(0)
    walikota = await hold(page, WALIKOTA)
    message = walikota.locator(".message", has_text="Jalan Dago").first
    await expect(message.locator("img")).to_have_count(2)
    for image in await message.locator("img").all():
        await expect(image).to_have_js_property("complete", True)
        await expect(image).not_to_have_js_property("naturalWidth", 0)


async def test_a_file_that_is_no_photo_is_explained_and_the_words_stay(open_page: Open) -> None:
    page = await open_page("phone", expected="422")
    kadis = await hold(page, KADIS)
    await kadis.get_by_label("Lampirkan foto").set_input_files(
        {"name": "surat.png", "mimeType": "image/png", "buffer": b"%PDF-1.7"}
    )
    await type_and_send(kadis, "Suratnya")
    await expect(kadis.get_by_role("alert")).to_have_text(
        "Berkas “surat.png” bukan foto. Kirim foto JPEG, PNG, WebP, atau GIF."
    )
    await expect(kadis.get_by_placeholder("Tulis pesan…")).to_have_value("Suratnya")


async def test_touching_a_message_answers_it(page: Page) -> None:
    await type_and_send(await hold(page, KADIS), "Ada genangan di Simpang Dago")
    walikota = await hold(page, WALIKOTA)
    await walikota.locator(".bubble", has_text="genangan").click()
    await expect(walikota.locator("[data-replying]")).to_contain_text("Ada genangan di Simpang Dago")
    await type_and_send(walikota, "Siapa yang ke sana?")
    await expect(walikota.locator(".own .quote")).to_contain_text("Rina Hidayat")
    await expect(walikota.locator("[data-replying]")).to_be_hidden()


async def test_a_place_is_sent_with_two_touches(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await kadis.get_by_role("button", name="Kirim lokasi").click()
    await page.get_by_role("dialog", name="Pilih lokasi").get_by_role("button", name="Simpang Dago").click()
    await expect(kadis.locator(".own .place")).to_contain_text("Simpang Dago")


async def test_an_example_fills_the_composer(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await kadis.get_by_role("button", name="/bantuan").click()
    await page.keyboard.press("Enter")
    await expect(kadis.locator(".message.bot")).to_contain_text("Yang dapat Anda pakai")


async def test_the_clock_is_moved_in_front_of_everybody(page: Page) -> None:
    await expect(page.locator("#time")).to_have_text("Kamis, 13 Agustus 2026, 09.00 WIB")
    await page.get_by_role("button", name="+15 menit").click()
    await expect(page.locator("#time")).to_have_text("Kamis, 13 Agustus 2026, 09.15 WIB")
    await page.get_by_role("button", name="besok 07.00").click()
    await expect(page.locator("#time")).to_have_text("Jumat, 14 Agustus 2026, 07.00 WIB")


async def test_another_person_can_hold_a_phone_and_a_reload_remembers_it(page: Page) -> None:
    phone = await hold(page, KADIS)
    await phone.get_by_label("Pemilik ponsel ini").select_option("yuyun")
    await expect(page.locator("#phone-0")).to_have_attribute("data-person", "yuyun")
    await open_chat(page.locator("#phone-0"), "Pendopo")
    await page.reload()
    await expect(page.locator("#phone-0")).to_have_attribute("data-person", "yuyun")
    await expect(page.locator("#phone-0")).to_have_attribute("data-chat", "yuyun")


async def test_a_draft_survives_what_others_say(open_page: Open) -> None:
    page = await open_page("desktop")
    walikota = page.locator("#phone-2")
    await walikota.get_by_placeholder("Tulis pesan…").fill("Saya sedang menulis")
    await type_and_send(page.locator("#phone-0"), "Selamat pagi")
    await expect(walikota.locator(".message")).to_contain_text("Selamat pagi")
    await expect(walikota.get_by_placeholder("Tulis pesan…")).to_have_value("Saya sedang menulis")


async def test_typed_markup_stays_words(page: Page) -> None:
    kadis = await hold(page, KADIS)
    await type_and_send(kadis, "<img src=x onerror=alert(1)><b>tebal</b>")
    await expect(kadis.locator(".own .words")).to_have_text("<img src=x onerror=alert(1)><b>tebal</b>")


async def test_what_was_said_while_the_line_was_cut_is_there_once(open_page: Open, engine: Scripted, server: Server) -> None:
    page = await open_page("phone", expected="ERR_|network error")
    walikota = await hold(page, WALIKOTA)
    await engine.simulator.say("rina", "forum-pimpinan", "Kabar pertama")
    await expect(walikota.locator(".message", has_text="Kabar pertama")).to_have_count(1)
    async with page.expect_request("**/simulator/stream*") as resumed:
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await engine.simulator.say("rina", "forum-pimpinan", "Kabar kedua")
    assert "last-event-id" in await (await resumed.value).all_headers()
    await expect(walikota.locator(".message", has_text="Kabar kedua")).to_have_count(1)
    await expect(walikota.locator(".message", has_text="Kabar pertama")).to_have_count(1)
