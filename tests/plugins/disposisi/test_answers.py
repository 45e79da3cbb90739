"""Receipts and answers come back up: accepted, returned, or no longer wanted."""

from pendopo.testing import Story

from tests.scenarios.disposisi.test_story import PHOTO

from .steps import hand_down, list_states


async def test_further_down_and_the_answer_climbs_back(story: Story) -> None:
    await hand_down(story)
    await story.camat.presses("Teruskan…")
    await story.camat.says("Lurah Dago cek di lapangan besok jam 8")
    assert await list_states(story) == ["diterima", "dikirim"], "who hands on has received it"
    story.lurah.sees("Disposisi #2", "Camat Coblong → Lurah Dago", "Cek di lapangan", "Kamis, 13 Agustus 2026, pukul 08.00 WIB")
    await story.lurah.says("/disposisi jawab 2 pompa rusak, butuh suku cadang")
    story.camat.sees("Lurah Dago menjawab disposisi #2: pompa rusak, butuh suku cadang")
    await story.restart()
    await story.camat.presses("Teruskan ke atas")
    assert await list_states(story) == ["dijawab", "selesai"]
    story.sekda.sees("Camat Coblong menjawab disposisi #1: Lurah Dago: pompa rusak, butuh suku cadang")
    story.lurah.sees("Camat Coblong menerima jawaban Anda")
    await story.sekda.says("/disposisi pohon disposisi 1")
    tree = story.sekda.last.text
    assert "☑️ #1 Sekda → Camat Coblong" in tree
    assert "└ ✅ #2 Camat Coblong → Lurah Dago" in tree


async def test_what_is_taken_back_is_taken_back_from_everybody_below(story: Story) -> None:
    await hand_down(story)
    await story.camat.presses("Teruskan…")
    await story.camat.says("Lurah Dago cek di lapangan")
    await story.sekda.says("/disposisi tarik 1")
    assert await list_states(story) == ["ditarik", "ditarik"]
    story.lurah.sees("Camat Coblong menarik disposisi #2")
    before = len(story.lurah.messages)
    await story.advance(days=5)
    assert len(story.lurah.messages) == before


async def test_an_answer_that_is_not_enough_goes_back(story: Story) -> None:
    await hand_down(story)
    await story.camat.says("/disposisi jawab 1 beres")
    assert await list_states(story) == ["dijawab"]
    await story.sekda.presses("Kembalikan…")
    await story.sekda.says("fotonya belum ada")
    assert await list_states(story) == ["diterima"]
    story.camat.sees("Sekda mengembalikan jawaban Anda: fotonya belum ada", "Disposisi #1")
    await story.camat.says("/disposisi jawab 1 ini fotonya", photos=[PHOTO])
    story.sekda.sees("Camat Coblong menjawab disposisi #1: ini fotonya")
    assert any(shown.content.__class__.__name__ == "Photo" for shown in story.sekda.messages)
    await story.sekda.says("/disposisi selesai 1")
    assert await list_states(story) == ["selesai"]
