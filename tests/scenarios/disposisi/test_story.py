"""Stories of /disposisi: down the line, receipts and answers back up, on each capability profile, over restarts."""

import hashlib

from pendopo.engine.operations.personal_data import erase_person, list_person_files
from pendopo.testing import Story

from tests.plugins.disposisi.steps import hand_down, list_actions, list_states


async def test_from_the_order_to_its_end(story: Story) -> None:
    await hand_down(story)
    story.group.sees("Disposisi dikirim", "🟡 #1 Sekda → Camat Coblong: Cek pompa", "belum diterima")
    story.camat.sees("Disposisi #1", "Sekda → Camat Coblong", "Cek pompa", "Tenggat: Kamis, 13 Agustus 2026, pukul 16.00 WIB")
    await story.restart()
    await story.camat.presses("Diterima")
    assert await list_states(story) == ["diterima"]
    await story.restart()
    await story.camat.presses("Jawab…")
    await story.camat.says("pompa menyala")
    assert await list_states(story) == ["dijawab"]
    story.sekda.sees("Camat Coblong menjawab disposisi #1: pompa menyala")
    await story.restart()
    await story.sekda.presses("Selesai")
    assert await list_states(story) == ["selesai"]
    story.camat.sees("Sekda menerima jawaban Anda: disposisi #1 selesai")
    before = len(story.camat.messages), len(story.sekda.messages)
    await story.advance(days=7)
    assert (len(story.camat.messages), len(story.sekda.messages)) == before
    assert [action for action, _ in await list_actions(story)] == [
        "disposisi.beri",
        "disposisi.terima",
        "disposisi.jawab",
        "disposisi.selesai",
    ]
    assert dict(await list_actions(story))["disposisi.beri"] == "Sekda"


async def test_the_button_on_an_izin_that_waits_for_a_decision(story: Story) -> None:
    await story.kadis.says("/izin rakor Bappenas besok jam 9")
    await story.kadis.presses("Kirim")
    await story.sekda.presses("Disposisi…")
    await story.sekda.says("Kadishub siapkan bahan")
    story.kadishub.sees("Disposisi #1", "Izin #1 Kadis PU: Rakor Bappenas", "Siapkan bahan")
    await story.sekda.presses("Setujui")
    story.kadis.sees("disetujui Sekda")


async def test_what_was_erased_leaves_the_rest_readable(story: Story) -> None:
    await story.sekda.says("/disposisi Kadis PU hadiri dan laporkan", photos=[PHOTO])
    await story.kadis.says("/disposisi jawab 1 sudah hadir", photos=[PHOTO])
    rina = story.app.core.people.by_alias(["memory:kadis"])
    assert rina is not None
    assert set(await list_person_files(story.app.core, rina)) == {hashlib.sha256(PHOTO).hexdigest()}
    await erase_person(story.app.core, rina)
    await story.sekda.says("/disposisi lihat 1")
    story.sekda.sees("Disposisi #1", "Hadiri dan laporkan")
    await story.sekda.presses("Kembalikan…")
    await story.sekda.says("fotonya hilang")
    assert await list_states(story) == ["diterima"]


PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
