"""The administrators of a unit keep its part of the directory, and nothing beyond it."""

import re

import pytest
from pendopo.testing import Story

from tests.plugins.kelola.conftest import confirmed, told


async def actions(story: Story) -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines()]


async def test_an_administrator_sees_the_posts_of_their_unit_and_no_other(story: Story) -> None:
    await story.actor("dani").says("/kelola")
    shown = story.actor("dani").sees("Kadis PU: Rina Hidayat", "Kabid Jalan: kosong").text
    assert "Kadishub" not in shown
    await story.actor("asep").says("/kelola")
    told(story, "asep", "Kadishub: Agus Permana")


async def test_who_keeps_no_unit_is_told_so(story: Story) -> None:
    await story.actor("rina").says("/kelola")
    told(story, "rina", "Ini hanya untuk Admin PU")


async def test_a_vacant_post_is_given_shown_and_taken_back(story: Story) -> None:
    await story.actor("dani").says("/kelola angkat Kabid Jalan Tono Wijaya")
    told(story, "dani", "jabatan: Kabid Jalan", "nama: Tono Wijaya")
    await story.actor("dani").presses("Ya, kirim")
    told(story, "dani", "Tono Wijaya sekarang menjabat Kabid Jalan")
    told(story, "tono", "Anda sekarang tercatat sebagai Kabid Jalan")
    await story.actor("tono").says("/akun")
    told(story, "tono", "Jabatan: Kabid Jalan")
    await confirmed(story, "dani", "/kelola berhenti Kabid Jalan")
    await story.actor("tono").says("/akun")
    told(story, "tono", "Jabatan: tidak ada")
    assert {"direktori.angkat", "direktori.berhenti"} <= set(await actions(story))


async def test_a_post_that_is_held_is_not_given_to_a_second_person(story: Story) -> None:
    await confirmed(story, "dani", "/kelola angkat Sekdis PU Tono Wijaya")
    told(story, "dani", "Sekdis PU sudah dijabat Siti Aminah", "/kelola berhenti Sekdis PU")


@pytest.mark.parametrize(
    "text", ["/kelola angkat Kadishub Tono Wijaya", "/kelola berhenti Kadishub", "/kelola plh Kadishub Tono Wijaya besok no 1"]
)
async def test_posts_of_another_unit_are_not_an_administrators_to_give(story: Story, text: str) -> None:
    await confirmed(story, "dani", text)
    told(story, "dani", "Ini hanya untuk admin Dinas Perhubungan")
    assert not [action for action in await actions(story) if action.startswith("direktori")]


async def test_nobody_gives_rights_to_themselves(story: Story) -> None:
    await confirmed(story, "dani", "/kelola angkat Kabid Jalan Dani Ramdan")
    told(story, "dani", "Hak untuk diri sendiri")


async def test_only_the_administrator_of_everything_makes_administrators(story: Story) -> None:
    await confirmed(story, "dani", "/kelola angkat Admin PU Dua Tono Wijaya")
    told(story, "dani", "Ini hanya untuk Admin Kota")
    await confirmed(story, "asep", "/kelola angkat Admin PU Dua Tono Wijaya")
    told(story, "asep", "Tono Wijaya sekarang menjabat Admin PU Dua")


async def test_a_holder_names_their_plh_with_the_order_it_rests_on(story: Story) -> None:
    await confirmed(story, "rina", "/plh Sekdis PU sampai 16 Agustus no SP/123")
    told(story, "rina", "Siti Aminah menjadi Plh Kadis PU", "Minggu, 16 Agustus 2026", "dasar SP/123")
    told(story, "siti", "Anda ditunjuk sebagai Plh Kadis PU", "SP/123", "Kadis PU")
    told(story, "bambang", "Kadis PU menunjuk Siti Aminah sebagai Plh Kadis PU")
    await story.actor("dani").says("/kelola")
    told(story, "dani", "Plh: Siti Aminah", "(SP/123)")
    assert "direktori.plh" in await actions(story)


async def test_without_an_order_it_is_asked_for(story: Story) -> None:
    await story.actor("rina").says("/plh Sekdis PU sampai 16 Agustus")
    told(story, "rina", "Berdasarkan surat nomor berapa?")
    await story.actor("rina").says("SP/123")
    await story.actor("rina").presses("Ya, kirim")
    told(story, "rina", "Siti Aminah menjadi Plh Kadis PU", "dasar SP/123")


async def test_two_plh_for_one_post_at_one_time_are_refused(story: Story) -> None:
    await confirmed(story, "rina", "/plh Sekdis PU 13-16 Agustus no SP/123")
    await confirmed(story, "dani", "/kelola plh Kadis PU Tono Wijaya 16-20 Agustus no SP/124")
    told(story, "dani", "Plh Kadis PU sudah ada pada waktu itu: Siti Aminah")
    await confirmed(story, "dani", "/kelola plh Kadis PU Tono Wijaya 17-20 Agustus no SP/124")
    told(story, "dani", "Tono Wijaya menjadi Plh Kadis PU")


async def test_a_plh_needs_a_holder_and_a_plt_a_vacancy(story: Story) -> None:
    await confirmed(story, "dani", "/kelola plh Kabid Jalan Siti Aminah sampai 16 Agustus no 1")
    told(story, "dani", "Kabid Jalan sedang kosong")
    await confirmed(story, "dani", "/kelola plt Kadis PU Siti Aminah sampai 16 Agustus no 1")
    told(story, "dani", "Kadis PU dijabat Rina Hidayat")
    await confirmed(story, "dani", "/kelola plt Kabid Jalan Siti Aminah sampai 16 Agustus no 1")
    told(story, "dani", "Siti Aminah menjadi Plt Kabid Jalan")


async def test_a_mandate_is_taken_back_by_who_gave_it(story: Story) -> None:
    await confirmed(story, "rina", "/plh Sekdis PU sampai 16 Agustus no SP/123")
    await confirmed(story, "agus", "/kelola cabut 1")
    told(story, "agus", "Ini hanya untuk")
    await confirmed(story, "rina", "/kelola cabut 1")
    told(story, "rina", "Mandat #1 dicabut")
    told(story, "siti", "Plh Kadis PU Anda dicabut oleh Kadis PU")
    await confirmed(story, "rina", "/kelola cabut 1")
    told(story, "rina", "Mandat #1 sudah berakhir")


async def test_somebody_new_is_taken_in_and_linked_by_a_code_that_is_handed_over(story: Story) -> None:
    await confirmed(story, "dani", "/kelola tambah Yanti Susanti 198002182005012004")
    await story.actor("dani").says("/kelola tautkan Yanti Susanti")
    found = re.search(r"Kode untuk Yanti Susanti: ([A-Z0-9]{8})", story.actor("dani").last.text)
    assert found
    await story.actor("yanti").says("/akun")
    told(story, "yanti", "belum dikenal")
    await story.actor("yanti").says(f"/akun kode {found[1]}")
    await story.actor("yanti").says("/akun")
    told(story, "yanti", "Yanti Susanti")
    assert {"direktori.tambah", "direktori.kode", "akun.taut"} <= set(await actions(story))


async def test_a_code_is_never_given_in_a_group(story: Story) -> None:
    await story.actor("dani").says("/kelola tautkan Siti Aminah", group=True)
    story.group.sees("hanya diberikan dalam percakapan pribadi")


async def test_who_goes_loses_everything_at_once(story: Story) -> None:
    await story.actor("siti").says("/akun")
    await confirmed(story, "dani", "/kelola keluar Siti Aminah")
    await story.actor("siti").says("/kelola")
    told(story, "siti", "belum terdaftar")
    people = story.app.core.people
    assert people.holders_of("sekdis", story.clock.now()) == []


async def test_a_lost_phone_is_cut_off(story: Story) -> None:
    await confirmed(story, "dani", "/kelola lepas Siti Aminah memory")
    told(story, "dani", "Akun memory milik Siti Aminah sudah dilepas")
    await story.actor("siti").says("/akun lepas telegram")
    told(story, "siti", "belum terdaftar")


async def test_the_account_in_ones_hand_is_not_cut_off_by_mistake(story: Story) -> None:
    await confirmed(story, "siti", "/akun lepas memory")
    told(story, "siti", "Ini akun Anda yang sedang dipakai")


async def test_why_names_the_rule_in_words_and_who_could(story: Story) -> None:
    await story.actor("rina").says("/kenapa")
    told(story, "rina", "Tidak ada permintaan Anda yang ditolak")
    await story.actor("dani").says("/kelola berhenti Admin PU Dua")
    await story.actor("dani").presses("Ya, kirim")
    await story.actor("dani").says("/kenapa")
    told(story, "dani", "Terakhir ditolak", "/kelola berhenti", "Ini hanya untuk Admin Kota", "Yang dapat: Admin Kota (Asep")
    await story.stranger.says("/kenapa")
    story.stranger.sees("belum dikenal", "/akun kode")
