"""What is lent is named first, and nobody comes to decide for themselves or for those above them."""

import pytest
from pendopo.testing import Story

from .conftest import say


@pytest.mark.parametrize(
    "said",
    [
        "Camat Lengkong sampai 20 Agustus no SP/7",
        "Bu Camat Lengkong no SP/7 sampai 20 Agustus",
        "no SP/7 Camat Lengkong sampai 20 Agustus",
        "Camat Lengkong untuk Sekda sampai 20 Agustus nomor SP/7",
        "Camat Lengkong sebagai Plh. Sekda sampai 20 Agustus berdasarkan no SP/7",
        "untuk Sekda Camat Lengkong sampai 20 Agustus dasar SP/7",
        "Sekda Camat Lengkong sampai 20 Agustus no SP/7",
        "Camat Lengkong menggantikan Sekretaris Daerah sampai 20 Agustus no. SP/7",
    ],
)
async def test_the_card_names_the_post_first_and_the_number_alone(city: Story, said: str) -> None:
    card = await say(city, "sekda", f"/plh {said}")
    assert card.splitlines()[1:] == [
        "Plh. Sekda: Camat Lengkong (Lina Marlina)",
        "Waktu: 12–20 Agustus 2026",
        "Dasar: SP/7",
    ]
    await city.actor("sekda").presses("Ya, kirim")
    city.actor("camat-l").sees("Anda ditunjuk sebagai Plh Sekda", "dasar SP/7")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Camat Lengkong untuk Camat Coblong sampai 20 Agustus no SP/7", "Anda tidak menjabat Camat Coblong"),
        ("Camat Lengkong utk Kadis PU sampai 20 Agustus no SP/7", "/kelola plh Kadis PU"),
        ("Camat Lengkong sementara Camat Coblong cuti sampai 20 Agustus no SP/7", "tidak terbaca sebagai nomor surat"),
    ],
)
async def test_what_is_not_ones_own_to_lend_or_not_understood_is_refused(city: Story, said: str, told: str) -> None:
    assert told in await say(city, "sekda", f"/plh {said}")
    assert not any("ditunjuk" in shown.text for shown in city.actor("camat-l").messages)


async def test_a_keeper_lends_a_post_that_another_holds(city: Story) -> None:
    card = await say(city, "asda2", "/plh Camat Lengkong untuk Camat Coblong sampai 20 Agustus no SP/7")
    assert "Plh. Camat Coblong: Camat Lengkong" in card


async def test_the_administrators_card_names_the_post_first_too(city: Story) -> None:
    card = await say(city, "asda2", "/kelola plh Kadis PU Siti Aminah sampai 20 Agustus no SP/7")
    assert card.splitlines()[1] == "Plh. Kadis PU: Sekretaris Dinas (Siti Aminah)"


async def lend_sekda(city: Story, to: str) -> None:
    await say(city, "sekda", f"/plh {to} sampai 20 Agustus no SP/7")
    await city.actor("sekda").presses("Ya, kirim")


async def test_a_plh_is_named_as_such_on_draft_card_and_decision(city: Story) -> None:
    await lend_sekda(city, "Camat Lengkong")
    assert "Akan diajukan kepada Plh. Sekda." in await say(city, "kadispu", "/izin rakor besok jam 9")
    await city.actor("kadispu").presses("Kirim")
    city.actor("kadispu").sees("Menunggu keputusan Plh. Sekda")
    await say(city, "camat-l", "/setuju 1")
    city.actor("kadispu").sees("disetujui", "Plh. Sekda")
    assert "Plh. Sekda" in [line.capacity for line in await city.stored.list_audit_lines() if line.action == "izin.setujui"]


async def test_a_plh_from_below_does_not_decide_for_their_superior(city: Story) -> None:
    await lend_sekda(city, "Siti Aminah")
    assert "Akan diajukan kepada Wali Kota." in await say(city, "kadispu", "/izin rakor besok jam 9")
    await city.actor("kadispu").presses("Kirim")
    await say(city, "sekdispu", "/setuju 1")
    assert not any("disetujui" in shown.text for shown in city.actor("kadispu").messages)
    await say(city, "walikota", "/setuju 1")
    city.actor("kadispu").sees("disetujui")


async def test_what_an_ajudan_enters_says_who_typed_it_and_tells_the_official_at_once(city: Story) -> None:
    assert "Kadis PU (dimasukkan oleh Dani Ramdan)" in await say(city, "dani", "/izin untuk Kadis PU rakor besok jam 9")
    await city.actor("dani").presses("Kirim")
    city.actor("sekda").sees("dimasukkan oleh Dani Ramdan")
    city.actor("kadispu").sees("Dani Ramdan mengajukan izin #1 atas nama Anda", "/izin batal 1")


async def test_who_entered_a_request_does_not_decide_it(city: Story) -> None:
    await say(city, "sekda", "/plh Dani Ramdan sampai 20 Agustus no SP/7")
    await city.actor("sekda").presses("Ya, kirim")
    shown = await say(city, "dani", "/izin untuk Kadis PU rakor besok jam 9")
    assert "Plh. Sekda" not in shown
    await city.actor("dani").presses("Kirim")
    await say(city, "dani", "/setuju 1")
    assert not any("disetujui" in shown.text for shown in city.actor("kadispu").messages)
