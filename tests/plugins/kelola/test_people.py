"""Who comes, who goes, and the accounts they are known by."""

import re

from pendopo.testing import Story

from .conftest import assert_told, confirm_command, list_actions


async def test_a_vacant_post_is_given_shown_and_taken_back(story: Story) -> None:
    await story.actor("dani").says("/kelola angkat Kabid Jalan Tono Wijaya")
    assert_told(story, "dani", "jabatan: Kabid Jalan", "nama: Tono Wijaya")
    await story.actor("dani").presses("Ya, kirim")
    assert_told(story, "dani", "Tono Wijaya sekarang menjabat Kabid Jalan")
    assert_told(story, "tono", "Anda sekarang tercatat sebagai Kabid Jalan")
    await story.actor("tono").says("/akun")
    assert_told(story, "tono", "Jabatan: Kabid Jalan")
    await confirm_command(story, "dani", "/kelola berhenti Kabid Jalan")
    await story.actor("tono").says("/akun")
    assert_told(story, "tono", "Jabatan: tidak ada")
    assert {"direktori.angkat", "direktori.berhenti"} <= set(await list_actions(story))


async def test_a_post_that_is_held_is_not_given_to_a_second_person(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola angkat Sekdis PU Tono Wijaya")
    assert_told(story, "dani", "Sekdis PU sudah dijabat Siti Aminah", "/kelola berhenti Sekdis PU")


async def test_only_the_administrator_of_everything_makes_administrators(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola angkat Admin PU Dua Tono Wijaya")
    assert_told(story, "dani", "Ini hanya untuk Admin Kota")
    await confirm_command(story, "asep", "/kelola angkat Admin PU Dua Tono Wijaya")
    assert_told(story, "asep", "Tono Wijaya sekarang menjabat Admin PU Dua")


async def test_somebody_new_is_taken_in_and_linked_by_a_code_that_is_handed_over(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola tambah Yanti Susanti 198002182005012004")
    await story.actor("dani").says("/kelola tautkan Yanti Susanti")
    assert_told(story, "dani", "Yanti Susanti belum punya jabatan di unit Anda")
    await confirm_command(story, "dani", "/kelola angkat Kabid Jalan Yanti Susanti")
    await story.actor("dani").says("/kelola tautkan Yanti Susanti")
    found = re.search(r"Kode untuk Yanti Susanti: ([A-Z0-9]{8})", story.actor("dani").last.text)
    assert found
    await story.actor("yanti").says("/akun")
    assert_told(story, "yanti", "belum dikenal")
    await story.actor("yanti").says(f"/akun kode {found[1]}")
    await story.actor("yanti").says("/akun")
    assert_told(story, "yanti", "Yanti Susanti")
    assert {"direktori.tambah", "direktori.kode", "akun.taut"} <= set(await list_actions(story))


async def test_a_code_is_never_given_in_a_group(story: Story) -> None:
    await story.actor("dani").says("/kelola tautkan Siti Aminah", group=True)
    story.group.sees("hanya diberikan dalam percakapan pribadi")


async def test_who_goes_loses_everything_at_once(story: Story) -> None:
    await story.actor("siti").says("/akun")
    await confirm_command(story, "dani", "/kelola keluar Siti Aminah")
    await story.actor("siti").says("/kelola")
    assert_told(story, "siti", "belum terdaftar")
    people = story.app.core.people
    assert people.holders_of("sekdis", story.clock.now()) == []


async def test_a_lost_phone_is_cut_off(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola lepas Siti Aminah memory")
    assert_told(story, "dani", "Akun memory milik Siti Aminah sudah dilepas")
    await story.actor("siti").says("/akun lepas telegram")
    assert_told(story, "siti", "belum terdaftar")


async def test_the_account_in_ones_hand_is_not_cut_off_by_mistake(story: Story) -> None:
    await confirm_command(story, "siti", "/akun lepas memory")
    assert_told(story, "siti", "Ini akun Anda yang sedang dipakai")
