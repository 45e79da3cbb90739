"""People name each other as they do; what is not clear is chosen by a button, and the rest of what they said is kept."""

import pytest
from pendopo.testing import Story

from .conftest import list_buttons, say

REMINDED = {
    "ibu camat lengkong Senin jam 10 laporan kas": "Camat Lengkong",
    "Pak Kadishub besok jam 9 kirim data": "Kadishub",
    "Kepala Dinas Kesehatan besok jam 9 kirim data": "Kepala Dinas Kesehatan",
    "Yth. Bapak Kadis PU besok jam 9 kirim data": "Kadis PU",
    "besok jam 9 Bu Rina kirim data": "Kadis PU",
    "sya besok jam 9 bayar pajak": "Anda",
    "bayar pajak besok jam 9": "Anda",
    "rapat dengan Bu Camat Lengkong besok jam 9": "Anda",
    "besok jam 9 telepon Kadis PU": "Anda",
}


@pytest.mark.parametrize(("said", "whom"), REMINDED.items())
async def test_a_reminder_is_for_whom_it_names(city: Story, said: str, whom: str) -> None:
    assert f"untuk {whom}\n" in await say(city, "sekda", f"/ingatkan {said}")


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("ibu Xenia", "Untuk saya sendiri"),
        ("Pak Agus", "Kadishub"),
        ("Rina", "Kadis PU"),
        ("Camat Lengkog", "Camat Lengkong"),
        ("para camat", "Camat Coblong"),
        ("mantan Kadis PU", "Kadis PU"),
    ],
)
async def test_a_reminder_for_somebody_who_is_not_clear_is_never_silently_for_oneself(
    city: Story, said: str, choice: str
) -> None:
    asked = await say(city, "sekda", f"/ingatkan {said} besok jam 9 kirim data")
    assert "Pengingat ini untuk siapa?" in asked or "untuk Anda\nMantan" in asked
    if "Pengingat ini" in asked:
        await city.actor("sekda").presses(choice)
        assert "irim data" in city.actor("sekda").last.text
        assert "pukul 09.00" in city.actor("sekda").last.text


async def test_invitations_take_titles_groups_and_short_forms(city: Story) -> None:
    shown = await say(city, "sekda", "/rapat Rakor besok jam 9 undang Ibu Kadis PU, Kepala Dinkes dan semua camat")
    assert "Diundang 4 orang: Kadis PU, Kepala Dinas Kesehatan, Camat Coblong, Camat Lengkong" in shown


async def test_all_faults_of_a_list_are_told_at_once_and_chosen_one_by_one(city: Story) -> None:
    asked = await say(city, "sekda", "/rapat Rakor banjir besok jam 9 di Aula undang Kadinkez, Pak Agus, Kadis PU")
    assert "“Kadinkez”, “Pak Agus” tidak ada dalam direktori, atau lebih dari satu" in asked
    await city.actor("sekda").presses("Kepala Dinas Kesehatan")
    assert list_buttons(city, "sekda")[:2] == ["Sekretaris Dinas Kesehatan", "Kadishub"]
    await city.actor("sekda").presses("Kadishub")
    city.actor("sekda").sees("Rakor banjir", "pukul 09.00", "Aula", "Kepala Dinas Kesehatan, Kadishub, Kadis PU")


async def test_a_name_may_be_left_out_of_a_list(city: Story) -> None:
    await say(city, "sekda", "/rapat Rakor besok jam 9 undang Kadis PU dan Pak Xaver")
    await city.actor("sekda").presses("Tanpa “Pak Xaver”")
    city.actor("sekda").sees("Diundang 1 orang: Kadis PU")


@pytest.mark.parametrize("how", ["diwakili", "diwakili oleh", "diwakilkan ke", "diwakilkan kepada", "diwakilkan oleh"])
async def test_an_izin_takes_its_deputy_however_it_is_said(city: Story, how: str) -> None:
    shown = await say(city, "kadispu", f"/izin rakor lusa jam 9, {how} Sekdis")
    assert "Diwakili Sekretaris Dinas" in shown
    assert shown.splitlines()[1] == "Rakor"


async def test_a_deputy_who_is_not_clear_is_told_and_chosen(city: Story) -> None:
    shown = await say(city, "kadispu", "/izin rakor lusa jam 9 diwakilkan ke Kadishb")
    assert "“Kadishb” sebagai wakil belum jelas" in shown
    await city.actor("kadispu").presses("Diwakili Kadishub")
    city.actor("kadispu").sees("Kadishub mewakili")


async def test_the_number_goes_first_then_the_name(city: Story) -> None:
    await say(city, "kadispu", "/izin rakor lusa jam 9")
    assert "Izin #1: Sekretaris Dinas mewakili" in await say(city, "kadispu", "/izin wakilkan 1 Sekdis")
    assert "“Kadishb”" in await say(city, "kadispu", "/izin wakilkan 1 Kadishb")
    assert list_buttons(city, "kadispu") == ["Kadishub", "Bukan itu"]
    await city.actor("kadispu").presses("Kadishub")
    city.actor("kadispu").sees("Izin #1: Kadishub mewakili")


async def test_a_choice_that_is_none_of_those_offered_asks_again(city: Story) -> None:
    await say(city, "kadispu", "/izin rakor lusa jam 9")
    await say(city, "kadispu", "/izin wakilkan 1 Kadishb")
    await city.actor("kadispu").presses("Bukan itu")
    assert "Sekretaris Dinas mewakili" in await say(city, "kadispu", "Sekdis")


async def test_disposisi_goes_to_all_it_names_and_keeps_its_words(city: Story) -> None:
    shown = await say(city, "sekda", "/disposisi Ibu Kadis PU, Kadinkes dan semua camat cek drainase besok")
    assert all(name in shown for name in ("Kadis PU", "Kepala Dinas Kesehatan", "Camat Coblong", "Camat Lengkong"))
    asked = await say(city, "sekda", "/disposisi Kadis PU, Kadishb cek lokasi besok")
    assert "“Kadishb”" in asked
    await city.actor("sekda").presses("Kadishub")
    city.actor("sekda").sees("Kadis PU", "Kadishub", "ek lokasi")


async def hold_meeting(city: Story) -> None:
    await say(city, "sekda", "/rapat Rakor hari ini jam 11 undang Kadis PU, Kadishub")
    await city.actor("sekda").presses("Undang")
    await say(city, "sekda", "/rapat mulai 1")


async def test_a_follow_up_finds_the_person_without_an_at(city: Story) -> None:
    await hold_meeting(city)
    shown = await say(city, "sekda", "/tl Pasang dua pompa Kadis PU Jumat")
    assert "Pasang dua pompa\n" in shown
    assert "Kadis PU" in shown


async def test_a_follow_up_that_only_mentions_somebody_asks_whose_it_is(city: Story) -> None:
    await hold_meeting(city)
    await say(city, "sekda", "/tl Kirim surat ke Kadis PU Jumat")
    assert list_buttons(city, "sekda") == ["Kadis PU", "Bukan itu"]
    await city.actor("sekda").presses("Kadis PU")
    city.actor("sekda").sees("Kirim surat ke Kadis PU", "Kadis PU")


async def test_a_report_goes_to_whom_it_is_passed(city: Story) -> None:
    await say(city, "lurah-d", "/laporan genangan di Jl. Ir. H. Juanda")
    await say(city, "camat-c", "/laporan disposisi 1 Pak Kadishub bantu Camat Coblong")
    city.actor("kadishub").sees("bantu Camat Coblong")
