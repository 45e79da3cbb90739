"""What is missing is asked for, one thing at a time, of the one person whose question it is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import Story
from pendopo_izin import plugin as izin

from tests.engine.questions import make_plugin, on_every_messenger, texts


@pytest.fixture
async def story(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    profile = getattr(request, "param", "telegram")
    async with Story([make_plugin()], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


async def test_what_is_missing_or_wrong_is_asked_for_one_by_one(story: Story) -> None:
    await story.kadis.says("/pesan")
    assert story.kadis.last.text == "Mohon tuliskan barang."
    await story.kadis.says("kertas hvs")
    assert story.kadis.last.text == "Mohon tuliskan jumlah."
    await story.kadis.says("banyak")
    assert story.kadis.last.text == "“banyak” bukan angka.\nMohon tuliskan jumlah."
    await story.kadis.says("2")
    assert story.kadis.last.text == "Mohon tuliskan alasan."
    await story.kadis.says("habis semua")
    assert story.kadis.last.text == "2 kertas hvs: habis semua"


async def test_what_was_said_at_once_is_not_asked_for(story: Story) -> None:
    await story.kadis.says('/pesan "kertas hvs" 2 habis semua')
    assert texts(story.kadis.messages) == ["2 kertas hvs: habis semua"]


async def test_every_step_survives_a_restart(story: Story) -> None:
    for said in ("/pesan", "kertas", "2", "habis"):
        await story.kadis.says(said)
        await story.restart()
    assert story.kadis.last.text == "2 kertas: habis"


async def test_in_a_group_only_a_reply_to_the_question_or_a_mention_is_an_answer(story: Story) -> None:
    await story.kadis.says("/pesan", group=True)
    first = story.group.last
    assert first.reply_to
    await story.kadis.says("kertas", group=True)
    await story.sekda.says("map", group=True, to=first)
    await story.sekda.says("map", group=True, mention=True)
    assert len(story.group.messages) == 1
    await story.kadis.says("kertas", group=True, to=first)
    await story.kadis.says("@pendopo 2", group=True, mention=True)
    await story.kadis.says("kertas", group=True, to=first)  # an old question is no longer open
    await story.kadis.says("habis", group=True, to=story.group.last)
    assert texts(story.group.messages)[-1] == "2 kertas: habis"


async def test_two_people_interleaved_never_mix(story: Story) -> None:
    await story.kadis.says("/pesan", group=True)
    await story.sekda.says("/pesan", group=True)
    for kadis, sekda in (("kertas", "map"), ("2", "3"), ("habis", "hilang")):
        await story.kadis.says(kadis, group=True, mention=True)
        await story.sekda.says(sekda, group=True, mention=True)
    assert texts(story.group.messages)[-2:] == ["2 kertas: habis", "3 map: hilang"]


async def test_the_same_person_has_a_dialog_in_each_chat(story: Story) -> None:
    await story.kadis.says("/pesan", group=True)
    await story.kadis.says("/pesan")
    await story.kadis.says("map")
    await story.kadis.says("kertas", group=True, mention=True)
    assert story.kadis.last.text == "Mohon tuliskan jumlah."
    assert story.group.last.text == "Mohon tuliskan jumlah.\nBalas (kutip) pesan ini."


@on_every_messenger
async def test_few_values_are_offered_and_taken_by_touch_or_number_or_word(story: Story) -> None:
    await story.kadis.says("/sifat")
    await story.kadis.presses("sangat segera")
    await story.kadis.says("biru")
    assert story.kadis.last.text == "SEGERA biru"
    await story.kadis.says("/sifat sangat segera hijau")
    assert "“hijau” tidak ada dalam pilihan: merah, biru" in story.kadis.last.text
    await story.kadis.presses("merah")
    assert story.kadis.last.text == "SEGERA merah"


@on_every_messenger
async def test_a_choice_in_a_question_counts_only_when_its_owner_touches_it(story: Story) -> None:
    await story.kadis.says("/sifat", group=True)
    await story.sekda.presses("biasa", group=True)
    told = story.sekda.toast or story.group.last.text
    assert "bukan untuk Anda" in told or "Mohon tuliskan sifat" in told
    await story.kadis.presses("biasa", group=True, on=story.group.messages[0])
    assert "warna" in story.group.sees("Mohon tuliskan warna").text


async def test_a_question_nobody_answers_is_closed_and_that_is_told(story: Story) -> None:
    await story.kadis.says("/pesan")
    await story.advance(minutes=29)
    assert len(story.kadis.messages) == 1
    await story.advance(minutes=2)
    assert "Sudah 30 menit tanpa jawaban, jadi /pesan ditutup" in story.kadis.last.text
    await story.kadis.says("kertas")
    assert story.kadis.last.text == "Belum ada yang dilakukan dengan “kertas”."


async def test_every_answer_gives_thirty_minutes_more_and_the_last_one_ends_the_waiting(story: Story) -> None:
    await story.kadis.says("/pesan")
    for said in ("kertas", "2", "habis"):
        await story.advance(minutes=29)
        await story.kadis.says(said)
    assert await story.stored.list_reminders(state="waiting") == []
    await story.advance(minutes=90)
    assert story.kadis.last.text == "2 kertas: habis"


async def test_a_time_out_is_told_even_when_the_bot_was_down_then(story: Story) -> None:
    await story.kadis.says("/pesan")
    await story.stop()
    await story.advance(hours=3)
    await story.start()
    story.kadis.sees("30 menit tanpa jawaban")


@on_every_messenger
async def test_everything_is_read_back_before_a_command_that_wants_it(story: Story) -> None:
    await story.kadis.says("/yakin rapat besok")
    assert "Mohon diperiksa:\nisi: rapat besok" in story.kadis.last.text
    story.kadis.does_not_see("terkirim")
    await story.restart()
    await story.kadis.presses("Ya, kirim")
    assert story.kadis.last.text == "terkirim rapat besok"


@on_every_messenger
@pytest.mark.parametrize(
    ("answer", "told"), [("ya", "terkirim x"), ("OK", "terkirim x"), ("tidak", "dibatalkan"), ("hm", "diperiksa")]
)
async def test_a_reading_is_answered_in_words_too(story: Story, answer: str, told: str) -> None:
    await story.kadis.says("/yakin x")
    await story.kadis.says(answer)
    assert told in story.kadis.last.text


@on_every_messenger
async def test_a_photo_counts_as_an_answer_and_is_named_when_read_back(story: Story) -> None:
    await story.kadis.says("/foto")
    assert story.kadis.last.text == "Mohon tuliskan gambar."
    await story.kadis.says("nanti")
    assert story.kadis.last.text == "Mohon tuliskan gambar."
    await story.kadis.says(photos=[b"jpeg"])
    await story.kadis.says("banjir")
    assert "gambar: 1 berkas\njudul: banjir" in story.kadis.last.text
    await story.kadis.presses("Ya, kirim")
    assert story.kadis.last.text == "foto banjir 64"


async def test_an_argument_a_handler_refuses_is_asked_again_and_the_rest_is_kept(story: Story) -> None:
    await story.kadis.says("/pesan kertas 900 habis semua")
    assert story.kadis.last.text == "Nomor 900 tidak ditemukan. Periksa lagi nomornya.\nMohon tuliskan jumlah."
    await story.restart()
    await story.kadis.says("901")
    assert "901" in story.kadis.last.text
    await story.kadis.says("9")
    assert story.kadis.last.text == "9 kertas: habis semua"


async def test_a_refusal_about_no_argument_ends_the_dialog(story: Story) -> None:
    for said in ("/pesan", "emas", "2", "kaya"):
        await story.kadis.says(said)
    assert "Nomor 79" in story.kadis.last.text
    await story.kadis.says("kertas")
    await story.advance(hours=1)
    assert story.kadis.last.text == "Belum ada yang dilakukan dengan “kertas”."


async def test_a_dialog_from_before_a_deploy_that_no_longer_fits_is_ended_and_that_is_told(story: Story) -> None:
    await story.kadis.says("/tanya")
    story._plugins = [make_plugin(changed=True)]
    await story.restart()
    await story.kadis.says("Rina")
    assert "Pertanyaan /tanya sudah berubah sejak Anda mulai" in story.kadis.last.text
    await story.kadis.says("/tanya 5 Rina")
    assert story.kadis.last.text == "5 Rina"


async def test_an_answer_to_the_next_question_is_kept(profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin")
        await story.kadis.says("mau ke acara wisuda UPI")
        story.kadis.sees("Untuk kapan?")
        await story.kadis.says("besok jam 9")
        story.kadis.sees("Mau ke acara wisuda UPI", "Kamis, 13 Agustus 2026, pukul 09.00 WIB")


async def test_a_question_in_a_group_says_how_it_is_answered_and_is_closed_without_a_new_message() -> None:
    async with Story([izin]) as story:
        await story.kadis.says("/izin", group=True)
        assert story.group.last.text.endswith("Balas (kutip) pesan ini.")
        await story.advance(minutes=31)
        (asked,) = story.group.messages
        assert "Sudah 30 menit tanpa jawaban" in asked.text
