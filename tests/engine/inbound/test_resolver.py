"""Where a message leads while a question is open: to its answer, a step back, its end, or elsewhere."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import Story

from tests.engine.questions import make_plugin, on_every_messenger, texts


@pytest.fixture
async def story(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    profile = getattr(request, "param", "telegram")
    async with Story([make_plugin()], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


async def test_batal_ends_a_dialog_and_says_so(story: Story) -> None:
    await story.kadis.says("/pesan kertas")
    await story.kadis.says("/batal")
    assert story.kadis.last.text == "Baik, /pesan dibatalkan. Tidak ada yang dikirim."
    await story.kadis.says("2")
    await story.advance(hours=1)
    assert story.kadis.last.text == "Belum ada yang dilakukan dengan “2”."


async def test_batal_ends_what_a_button_asks_too_though_that_has_no_command(story: Story) -> None:
    await story.kadis.says("/tawar")
    await story.kadis.presses("tidak")
    await story.kadis.says("/batal")
    assert story.kadis.last.text == "Baik, dibatalkan. Tidak ada yang dikirim."


@pytest.mark.parametrize("word", ["/batal", "/kembali"])
async def test_without_a_dialog_its_words_are_answered_politely(story: Story, word: str) -> None:
    await story.kadis.says(word)
    assert "Tidak ada pertanyaan" in story.kadis.last.text


async def test_batal_in_a_group_ends_ones_own_dialog_only(story: Story) -> None:
    await story.kadis.says("/pesan", group=True)
    await story.sekda.says("/batal", group=True)
    await story.kadis.says("kertas", group=True, mention=True)
    assert story.group.last.text == "Mohon tuliskan jumlah.\nBalas (kutip) pesan ini."


async def test_kembali_goes_one_step_back_each_time(story: Story) -> None:
    for said in ("/pesan", "kertas", "2", "/kembali"):
        await story.kadis.says(said)
    assert story.kadis.last.text == "Mohon tuliskan jumlah."
    await story.kadis.says("/kembali")
    assert story.kadis.last.text == "Mohon tuliskan barang."
    await story.kadis.says("/kembali")
    assert story.kadis.last.text == "Mohon tuliskan barang."
    for said in ("map", "3", "hilang"):
        await story.kadis.says(said)
    assert story.kadis.last.text == "3 map: hilang"


async def test_kembali_from_a_reading_asks_the_last_thing_again(story: Story) -> None:
    await story.kadis.says("/yakin")
    await story.kadis.says("keliru")
    await story.kadis.says("/kembali")
    assert story.kadis.last.text == "Mohon tuliskan isi."
    await story.kadis.says("benar")
    await story.kadis.presses("Ya, kirim")
    assert story.kadis.last.text == "terkirim benar"


async def test_kembali_from_a_reading_when_nothing_was_asked_asks_the_last_thing(story: Story) -> None:
    await story.kadis.says("/yakin keliru")
    await story.kadis.says("/kembali")
    assert story.kadis.last.text == "Mohon tuliskan isi."


async def test_another_command_in_between_leaves_a_dialog_open_and_a_new_dialog_takes_its_place(story: Story) -> None:
    await story.kadis.says("/pesan")
    await story.kadis.says("/tawar")
    await story.kadis.says("kertas")
    assert story.kadis.last.text == "Mohon tuliskan jumlah."
    await story.kadis.says("/tanya")
    await story.kadis.says("Rina")
    assert story.kadis.last.text == "Mohon tuliskan umur."
    await story.advance(minutes=31)
    assert sum("30 menit" in text for text in texts(story.kadis.messages)) == 1


@on_every_messenger
async def test_quoting_another_choice_answers_that_and_not_the_open_question(story: Story) -> None:
    await story.kadis.says("/tawar")
    offer = story.kadis.last
    await story.kadis.says("/pesan")
    await story.kadis.says("ya", to=offer)
    assert story.kadis.last.text == "diterima"
    await story.kadis.says("kertas")
    assert story.kadis.last.text == "Mohon tuliskan jumlah."


async def test_nobody_unknown_is_asked_anything(story: Story) -> None:
    await story.stranger.says("/pesan")
    assert "belum terdaftar" in story.stranger.last.text
    await story.stranger.says("kertas")
    assert len(story.stranger.messages) == 1
