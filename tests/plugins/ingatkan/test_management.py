"""One's reminders are listed, changed, paused and deleted, by nobody else."""

from pendopo.testing import PROFILES, Story

from .conftest import count_rings


async def test_another_is_told_who_set_it_and_may_decline(story: Story) -> None:
    await story.sekda.says("/ingatkan @Kadis PU besok jam 9 kirim data")
    story.sekda.sees("untuk Kadis PU", "Kirim data", "sudah diberi tahu dan boleh menolak")
    story.kadis.sees("Sekda memasang pengingat #1 untuk Anda", "Kirim data", "Kamis, 13 Agustus 2026, pukul 09.00 WIB")
    await story.kadis.presses("Tolak")
    story.sekda.sees("Kadis PU menolak pengingat #1", "Kirim data")
    await story.advance(days=2)
    assert not [shown for shown in story.kadis.messages if "⏰ Pengingat #1" in shown.text]


async def test_taken_back_at_once_it_never_comes(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 9 kirim data")
    await story.kadis.presses("Batalkan")
    story.kadis.sees("Pengingat #1 dihapus")
    await story.advance(days=2)
    story.kadis.does_not_see("⏰ Pengingat #1\n")


async def test_nobody_but_the_one_who_set_it_changes_it(story: Story) -> None:
    await story.kadis.says("/ingatkan grup besok jam 9 kirim data", group=True)
    card = story.group.last
    if PROFILES[story.messenger.profile].buttons:
        await story.camat.presses("Batalkan", group=True, on=card)
        assert (story.camat.toast or story.group.last.text) == "Pilihan ini bukan untuk Anda."
    for word in ("hapus", "jeda", "lewati", "lanjut"):
        await story.camat.says(f"/ingatkan {word} 1")
        assert story.camat.last.text == "Pengingat #1 bukan Anda yang memasang."
    await story.camat.says("/ingatkan tolak 1")
    assert story.camat.last.text == "Pengingat #1 bukan untuk Anda."


async def test_the_list_has_the_next_time_in_full(story: Story) -> None:
    await story.kadis.says("/ingatkan daftar")
    assert "Belum ada pengingat" in story.kadis.last.text
    await story.kadis.says("/ingatkan besok jam 9 kirim data")
    await story.kadis.says("/ingatkan setiap Senin jam 8 apel")
    await story.sekda.says("/ingatkan @Kadis PU lusa jam 9 tanda tangan")
    await story.kadis.says("/ingatkan daftar")
    assert story.kadis.last.text.splitlines()[:4] == [
        "Pengingat Anda:",
        "#1 · Kirim data · untuk Anda · Kamis, 13 Agustus 2026, pukul 09.00 WIB",
        "#3 · Tanda tangan · untuk Anda dari Sekda · Jumat, 14 Agustus 2026, pukul 09.00 WIB",
        "#2 · Apel · untuk Anda · Senin, 17 Agustus 2026, pukul 08.00 WIB (Setiap Senin, pukul 08.00 WIB)",
    ]
    await story.kadis.says("/ingatkan daftar", group=True)
    assert "Grup ini belum punya pengingat" in story.group.last.text
    assert "Kirim data" not in story.group.last.text


async def test_it_is_deleted_paused_and_skipped_by_its_number(story: Story) -> None:
    await story.kadis.says("/ingatkan setiap hari jam 8 lapor")
    await story.kadis.says("/ingatkan lewati 1")
    story.kadis.sees("dilewati sekali", "Tidak jadi: Kamis, 13 Agustus 2026", "Berikutnya: Jumat, 14 Agustus 2026")
    await story.advance(days=1)
    assert count_rings(story) == 0
    await story.advance(days=1)
    assert count_rings(story) == 1
    await story.kadis.says("/ingatkan jeda 1")
    story.kadis.sees("dijeda")
    await story.kadis.says("/ingatkan daftar")
    story.kadis.sees("#1 · Lapor · untuk Anda · ⏸ dijeda")
    await story.restart()
    await story.advance(days=3)
    assert count_rings(story) == 1
    await story.kadis.says("/ingatkan jeda 1")
    story.kadis.sees("Dilanjutkan", "Berikutnya: Selasa, 18 Agustus 2026")
    await story.advance(days=1)
    assert count_rings(story) == 2
    await story.kadis.says("/ingatkan hapus 1")
    await story.advance(days=3)
    assert count_rings(story) == 2
    await story.kadis.says("/ingatkan hapus 1")
    assert "Pengingat #1 sudah dihapus" in story.kadis.last.text
    await story.kadis.says("/ingatkan hapus 99")
    assert "Nomor 99 tidak ditemukan" in story.kadis.last.text


async def test_paused_past_its_time_it_says_so(story: Story) -> None:
    await story.kadis.says("/ingatkan besok jam 9 kirim data")
    await story.kadis.says("/ingatkan lewati 1")
    assert "tidak punya giliran berikutnya" in story.kadis.last.text
    await story.kadis.says("/ingatkan jeda 1")
    await story.advance(days=2)
    await story.kadis.says("/ingatkan lanjut 1")
    assert "sudah lewat selama pengingat #1 dijeda" in story.kadis.last.text
