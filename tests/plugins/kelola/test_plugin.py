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


OTHERS = {
    "superior": ("Rina Hidayat", "Kadis PU"),
    "superior of all": ("Bambang Suryana", "Sekda"),
    "equal": ("Yayan Sofyan", "Admin PU Tiga"),
    "guarded": ("Asep Saepudin", "Admin Kota"),
    "other unit": ("Agus Permana", "Kadishub"),
    "no unit": ("Euis Komariah", "Utusan Khusus"),
    "no post": ("Tono Wijaya", ""),
    "oneself": ("Dani Ramdan", "Admin PU"),
}
PERSON_VERBS = (
    "/kelola tautkan {who}",
    "/kelola keluar {who}",
    "/kelola lepas {who} memory",
    "/kelola angkat Kabid Jalan {who}",
)
POST_VERBS = (
    "/kelola angkat {post} Siti Aminah",
    "/kelola berhenti {post}",
    "/kelola plh {post} Siti Aminah besok no 1",
    "/kelola plt {post} Siti Aminah besok no 1",
    "/kelola ajudan {post} Siti Aminah besok no 1",
    "/plh Siti Aminah besok no 1 untuk {post}",
)


@pytest.mark.parametrize("whose", list(OTHERS))
async def test_an_administrator_of_a_unit_changes_nobody_else(story: Story, whose: str) -> None:
    who, post = OTHERS[whose]
    verbs = [verb for verb in PERSON_VERBS if whose != "no post" or "angkat" not in verb] + [
        verb for verb in POST_VERBS if post and (whose != "oneself" or "/kelola" in verb)
    ]
    before = await _list_rights(story)
    for verb in verbs:
        dani = story.actor("dani")
        told = len(dani.messages)
        await dani.says(verb.format(who=who, post=post))
        if len(dani.messages) > told and any(choice.title == "Ya, kirim" for choice in dani.last.buttons):
            await dani.presses("Ya, kirim")
        assert len(dani.messages) > told or dani.toast, verb
        assert "Kode untuk" not in dani.last.text, verb
        assert await _list_rights(story) == before, verb
    assert not [action for action in await list_actions(story) if action.startswith("direktori")]


async def _list_rights(story: Story) -> tuple[object, ...]:
    people = story.app.core.people
    return dict(people.aliases), list(people.holdings), list(people.mandates), sorted(people.persons)


async def test_who_is_lent_a_superiors_post_is_not_linked_by_an_administrator_below(story: Story) -> None:
    await confirm_command(story, "rina", "/plh Sekdis PU sampai 16 Agustus no SP/123")
    await story.actor("dani").says("/kelola tautkan Siti Aminah")
    assert_told(story, "dani", "Kadis PU adalah atasan Anda")
