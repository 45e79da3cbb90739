"""The administrators of a unit keep its part of the directory, and nothing beyond it."""

from pendopo.testing import Story

from .conftest import assert_told, confirm_command, list_actions


async def test_an_administrator_sees_the_posts_of_their_unit_and_no_other(story: Story) -> None:
    await story.actor("dani").says("/kelola")
    shown = story.actor("dani").sees("Kadis PU: Rina Hidayat", "Kabid Jalan: kosong").text
    assert "Kadishub" not in shown
    await story.actor("asep").says("/kelola")
    assert_told(story, "asep", "Kadishub: Agus Permana")


async def test_who_keeps_no_unit_is_told_so(story: Story) -> None:
    await story.actor("rina").says("/kelola")
    assert_told(story, "rina", "Ini hanya untuk Admin PU")


async def test_a_holder_names_their_plh_with_the_order_it_rests_on(story: Story) -> None:
    await confirm_command(story, "rina", "/plh Sekdis PU sampai 16 Agustus no SP/123")
    assert_told(story, "rina", "Siti Aminah menjadi Plh Kadis PU", "Minggu, 16 Agustus 2026", "dasar SP/123")
    assert_told(story, "siti", "Anda ditunjuk sebagai Plh Kadis PU", "SP/123", "Kadis PU")
    assert_told(story, "bambang", "Kadis PU menunjuk Siti Aminah sebagai Plh Kadis PU")
    await story.actor("dani").says("/kelola")
    assert_told(story, "dani", "Plh: Siti Aminah", "(SP/123)")
    assert "direktori.plh" in await list_actions(story)


async def test_without_an_order_it_is_asked_for(story: Story) -> None:
    await story.actor("rina").says("/plh Sekdis PU sampai 16 Agustus")
    assert_told(story, "rina", "Berdasarkan surat nomor berapa?")
    await story.actor("rina").says("SP/123")
    await story.actor("rina").presses("Ya, kirim")
    assert_told(story, "rina", "Siti Aminah menjadi Plh Kadis PU", "dasar SP/123")


async def test_two_plh_for_one_post_at_one_time_are_refused(story: Story) -> None:
    await confirm_command(story, "rina", "/plh Sekdis PU 13-16 Agustus no SP/123")
    await confirm_command(story, "asep", "/kelola plh Kadis PU Tono Wijaya 16-20 Agustus no SP/124")
    assert_told(story, "asep", "Plh Kadis PU sudah ada pada waktu itu: Siti Aminah")
    await confirm_command(story, "asep", "/kelola plh Kadis PU Tono Wijaya 17-20 Agustus no SP/124")
    assert_told(story, "asep", "Tono Wijaya menjadi Plh Kadis PU")
    assert_told(story, "rina", "Admin Kota menunjuk Tono Wijaya sebagai Plh Kadis PU")


async def test_a_plh_needs_a_holder_and_a_plt_a_vacancy(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola plh Kabid Jalan Siti Aminah sampai 16 Agustus no 1")
    assert_told(story, "dani", "Kabid Jalan sedang kosong")
    await confirm_command(story, "asep", "/kelola plt Kadis PU Siti Aminah sampai 16 Agustus no 1")
    assert_told(story, "asep", "Kadis PU dijabat Rina Hidayat")
    await confirm_command(story, "dani", "/kelola plt Kabid Jalan Siti Aminah sampai 16 Agustus no 1")
    assert_told(story, "dani", "Siti Aminah menjadi Plt Kabid Jalan")


async def test_a_mandate_is_taken_back_by_who_gave_it(story: Story) -> None:
    await confirm_command(story, "rina", "/plh Sekdis PU sampai 16 Agustus no SP/123")
    await confirm_command(story, "agus", "/kelola cabut 1")
    assert_told(story, "agus", "Ini hanya untuk")
    await confirm_command(story, "rina", "/kelola cabut 1")
    assert_told(story, "rina", "Mandat #1 dicabut")
    assert_told(story, "siti", "Plh Kadis PU Anda dicabut oleh Kadis PU")
    await confirm_command(story, "rina", "/kelola cabut 1")
    assert_told(story, "rina", "Mandat #1 sudah berakhir")


async def test_who_holds_a_post_agrees_before_an_administrator_lends_it(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola plh Sekdis PU Tono Wijaya sampai 16 Agustus no SP/1")
    assert_told(story, "dani", "Plh Sekdis PU menunggu persetujuan Siti Aminah")
    assert_told(story, "siti", "mengusulkan seseorang bertindak dalam jabatan Anda", "Plh. Sekdis PU: Tono Wijaya")
    assert "direktori.plh" not in await list_actions(story)
    await story.actor("siti").presses("Tidak setuju")
    assert_told(story, "dani", "tidak setuju Tono Wijaya menjadi Plh Sekdis PU")
    await confirm_command(story, "dani", "/kelola ajudan Sekdis PU Tono Wijaya sampai 16 Agustus no SP/2")
    await story.actor("siti").presses("Setuju")
    assert_told(story, "dani", "Tono Wijaya menjadi Ajudan Sekdis PU")
    assert_told(story, "tono", "Ajudan Sekdis PU")
    assert "direktori.ajudan" in await list_actions(story)
