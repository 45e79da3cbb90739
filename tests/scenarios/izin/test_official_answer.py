"""Leave is answered as its form has it: advice of the superior, then a decision; each with four outcomes."""

from datetime import UTC, datetime

import pytest
from pendopo.testing import Story
from pendopo_izin.models import Izin

from tests.plugins.izin.steps import list_actions, list_states


async def ask_leave(story: Story, text: str = "/izin cuti 19-21 Agustus") -> None:
    await story.kadis.says(text)
    await story.kadis.presses("Kirim")


@pytest.mark.parametrize(
    ("advice", "shown"),
    [
        ("/setuju 1", "Pertimbangan Sekda: disetujui"),
        ("/tolak 1 karena rapat anggaran", "Pertimbangan Sekda: tidak disetujui. Alasan: rapat anggaran"),
        ("/izin tangguhkan 1 karena rapat anggaran", "Pertimbangan Sekda: ditangguhkan. Alasan: rapat anggaran"),
        (
            "/izin perubahan 1 26-27 Agustus karena rapat anggaran",
            "Pertimbangan Sekda: perubahan menjadi 26–27 Agustus 2026. Alasan: rapat anggaran",
        ),
    ],
)
async def test_the_superior_advises_and_the_mayor_decides(story: Story, advice: str, shown: str) -> None:
    await ask_leave(story)
    story.kadis.sees("Menunggu keputusan Sekda, lalu Wali Kota")
    await story.sekda.says(advice)
    assert await list_states(story) == ["diajukan"]
    story.walikota.sees("Kadis PU meminta izin", shown)
    story.sekda.sees(shown)
    story.kadis.does_not_see("disetujui Sekda")
    await story.walikota.says("/setuju 1")
    assert await list_states(story) == ["disetujui"]
    story.kadis.sees("disetujui Wali Kota")
    assert "izin.pertimbangan" in await list_actions(story)


async def test_the_buttons_are_those_of_the_form(story: Story) -> None:
    await ask_leave(story)
    labels = [str(choice.label.key) for choice in story.sekda.last.buttons]
    official = {"izin.tombol.perubahan", "izin.tombol.tangguhkan"}
    assert official.issubset(labels) or "Perubahan…" in story.sekda.last.text
    await story.kadishub.says("/izin dinas ke Garut 19 Agustus")
    await story.kadishub.presses("Kirim")
    assert not official.intersection(str(choice.label.key) for choice in story.sekda.last.buttons)


async def test_another_time_is_asked_for_and_told(story: Story) -> None:
    await ask_leave(story)
    await story.sekda.says("/setuju 1")
    await story.walikota.presses("Perubahan…")
    assert "Disetujui untuk kapan?" in story.walikota.last.text
    await story.walikota.says("26-27 Agustus")
    assert "Apa alasannya?" in story.walikota.last.text
    await story.walikota.says("ada rapat anggaran")
    story.kadis.sees(
        "disetujui Wali Kota dengan perubahan: 26–27 Agustus 2026 (semula 19–21 Agustus 2026)", "ada rapat anggaran"
    )
    (row,) = await story.stored.list_rows(Izin)
    assert (row.status, row.hari) == ("disetujui", 2)
    assert row.mulai == datetime(2026, 8, 25, 17, tzinfo=UTC)
    await story.kadis.says("/izin saldo")
    story.kadis.sees("cuti: 10 dari 12 hari kerja")


async def test_what_is_put_off_is_not_granted_and_spends_nothing(story: Story) -> None:
    await ask_leave(story)
    await story.sekda.says("/setuju 1")
    await story.walikota.presses("Tangguhkan…")
    await story.walikota.says("ada tamu negara")
    assert await list_states(story) == ["ditangguhkan"]
    story.kadis.sees("ditangguhkan Wali Kota", "belum diizinkan", "ada tamu negara", "Ajukan lagi")
    await story.kadis.says("/izin saldo")
    story.kadis.sees("cuti: 12 dari 12 hari kerja")
    assert (await list_actions(story))[-1] == "izin.tangguhkan"


async def test_a_refusal_by_who_decides_is_final(story: Story) -> None:
    await ask_leave(story)
    await story.sekda.says("/setuju 1")
    await story.walikota.says("/tolak 1 karena kekurangan orang")
    assert await list_states(story) == ["ditolak"]


async def test_where_one_alone_decides_the_answer_is_final(story: Story) -> None:
    await story.lurah.says("/izin cuti 19-21 Agustus")
    await story.lurah.presses("Kirim")
    await story.camat.says("/izin perubahan 1 24 Agustus karena pelayanan")
    assert await list_states(story) == ["disetujui"]
    story.lurah.sees("disetujui Camat Coblong dengan perubahan: Senin, 24 Agustus 2026")


@pytest.mark.parametrize("answer", ["/izin tangguhkan 1 karena rapat", "/izin perubahan 1 24 Agustus karena rapat"])
async def test_other_izin_have_no_form(story: Story, answer: str) -> None:
    await ask_leave(story, "/izin dinas ke Garut 19 Agustus")
    await story.sekda.says(answer)
    story.sekda.sees("tidak memakai formulir cuti")
    assert await list_states(story) == ["diajukan"]


async def test_another_time_keeps_the_limit_of_its_kind(story: Story) -> None:
    await story.lurah.says("/izin cuti alasan penting 19-21 Agustus")
    await story.lurah.presses("Kirim")
    await story.camat.says("/izin perubahan 1 19 Agustus s.d. 30 September 2026 karena jauh")
    story.camat.sees("paling lama 1 bulan")
    assert await list_states(story) == ["diajukan"]


async def test_only_who_is_asked_answers(story: Story) -> None:
    await ask_leave(story)
    await story.camat.says("/izin tangguhkan 1 karena rapat")
    assert story.camat.last.text == "Ini diputuskan oleh Sekda."
    await story.kadis.says("/izin perubahan 1 24 Agustus karena rapat")
    assert "sendiri" in story.kadis.last.text
