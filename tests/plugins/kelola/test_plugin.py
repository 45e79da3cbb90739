"""Who keeps which unit, and nothing beyond it."""

import pytest
from pendopo.testing import Story

from .conftest import assert_told, confirm_command, list_actions


@pytest.mark.parametrize(
    "text", ["/kelola angkat Kadishub Tono Wijaya", "/kelola berhenti Kadishub", "/kelola plh Kadishub Tono Wijaya besok no 1"]
)
async def test_posts_of_another_unit_are_not_an_administrators_to_give(story: Story, text: str) -> None:
    await confirm_command(story, "dani", text)
    assert_told(story, "dani", "Ini hanya untuk admin Dinas Perhubungan")
    assert not [action for action in await list_actions(story) if action.startswith("direktori")]


async def test_nobody_gives_rights_to_themselves(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola angkat Kabid Jalan Dani Ramdan")
    assert_told(story, "dani", "Hak untuk diri sendiri")


async def test_why_names_the_rule_in_words_and_who_could(story: Story) -> None:
    await story.actor("rina").says("/kenapa")
    assert_told(story, "rina", "Tidak ada permintaan Anda yang ditolak")
    await story.actor("dani").says("/kelola berhenti Admin PU Dua")
    await story.actor("dani").presses("Ya, kirim")
    await story.actor("dani").says("/kenapa")
    assert_told(
        story, "dani", "Terakhir ditolak", "/kelola berhenti", "Ini hanya untuk Admin Kota", "Yang dapat: Admin Kota (Asep"
    )
    await story.stranger.says("/kenapa")
    story.stranger.sees("belum dikenal", "/akun kode")
