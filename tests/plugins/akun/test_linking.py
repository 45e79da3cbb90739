"""A code that somebody else made links an account with the knowledge of everybody it concerns."""

import random
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_kelola import plugin as kelola

from tests.plugins.kelola.conftest import PEOPLE, assert_told, confirm_command, directory, list_actions


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with Story([akun, kelola], database=f"sqlite:///{tmp_path}/x.db", directory=directory()) as told:
        yield told


async def use_code(story: Story, maker: str, command: str, account: str) -> None:
    """Have a code made, and send it from an account that nobody knows."""
    await story.actor(maker).says(command)
    found = re.search(r"\*?([A-Z2-9]{8})\b", story.actor(maker).last.text.split("kode")[-1])
    assert found, story.actor(maker).last.text
    await story.actor(account).says(f"/akun kode {found[1]}")


def find_name(story: Story, account: str) -> str:
    person = story.app.core.people.by_alias((f"memory:{account}",))
    return person.name if person else ""


async def test_an_account_waits_and_everybody_is_told(story: Story) -> None:
    await use_code(story, "dani", "/kelola tautkan Siti Aminah", "dani_dua")
    assert_told(story, "dani", "Siti Aminah sudah punya akun")
    assert_told(story, "dani_dua", "Akun ini menunggu")
    assert_told(story, "siti", "akun memory baru", "kode dari Dani Ramdan")
    for witness in ("rina", "asep", "yayan"):
        assert_told(story, witness, "Dani Ramdan membuat kode untuk Siti Aminah")
    await story.actor("dani_dua").says("/akun")
    assert_told(story, "dani_dua", "belum dikenal")
    assert find_name(story, "dani_dua") == ""


@pytest.mark.parametrize(("who", "press"), [("siti", "Bukan saya"), ("rina", "Hentikan"), ("asep", "Hentikan")])
async def test_one_no_stops_it_for_good(story: Story, who: str, press: str) -> None:
    await use_code(story, "dani", "/kelola tautkan Siti Aminah", "dani_dua")
    await story.actor(who).presses(press)
    assert_told(story, who, "tidak jadi disambungkan")
    await story.advance(hours=30)
    assert find_name(story, "dani_dua") == ""
    assert "akun.taut_batal" in await list_actions(story)


async def test_the_old_accounts_yes_counts_at_once_and_a_later_no_is_told_so(story: Story) -> None:
    await use_code(story, "dani", "/kelola tautkan Siti Aminah", "siti_baru")
    await story.actor("siti").presses("Ya, itu saya")
    assert find_name(story, "siti_baru") == "Siti Aminah"
    assert_told(story, "dani", "sekarang tersambung dengan Siti Aminah")
    await story.actor("rina").presses("Hentikan")
    assert_told(story, "rina", "sudah diputuskan sebelumnya")
    assert find_name(story, "siti_baru") == "Siti Aminah"


async def test_without_any_no_it_counts_after_a_day(story: Story) -> None:
    await use_code(story, "asep", "/kelola tautkan Bambang Suryana", "bambang_baru")
    await story.advance(hours=23)
    assert find_name(story, "bambang_baru") == ""
    await story.advance(hours=2)
    assert find_name(story, "bambang_baru") == "Bambang Suryana"


async def test_who_was_cut_off_is_not_linked_at_once_either(story: Story) -> None:
    await confirm_command(story, "dani", "/kelola lepas Siti Aminah memory")
    await use_code(story, "dani", "/kelola tautkan Siti Aminah", "dani_dua")
    assert_told(story, "dani_dua", "Akun ini menunggu")
    await story.actor("rina").presses("Hentikan")
    await story.advance(hours=30)
    assert find_name(story, "dani_dua") == ""


async def test_ones_own_code_counts_at_once(story: Story) -> None:
    await use_code(story, "siti", "/akun tautkan", "siti_baru")
    assert find_name(story, "siti_baru") == "Siti Aminah"


async def test_the_log_names_who_made_the_code_who_used_it_and_where(story: Story) -> None:
    await use_code(story, "dani", "/kelola tautkan Siti Aminah", "dani_dua")
    maker = story.app.core.people.by_alias(("memory:dani",))
    assert maker is not None
    line = next(line for line in await story.stored.list_audit_lines() if line.action == "akun.taut_menunggu")
    assert str(maker.id) in (line.body or "")
    assert "dani_dua" in (line.body or "")


VERBS = (
    *("/kelola tautkan {who}", "/kelola keluar {who}", "/kelola lepas {who} memory", "/kelola angkat {post} {who}"),
    *("/kelola berhenti {post}", "/kelola plh {post} {who} sampai besok no 1", "/kelola plt {post} {who} sampai besok no 1"),
    *("/kelola ajudan {post} {who} sampai besok no 1", "/plh {who} sampai besok no 1 untuk {post}", "/kelola cabut 1"),
    "/kelola tambah Boneka Baru",
)
POSTS = ("Kadis PU", "Sekdis PU", "Kabid Jalan", "Admin PU", "Admin PU Dua", "Sekda", "Admin Kota", "Kadishub", "Utusan Khusus")


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_sequence_of_an_administrators_commands_makes_them_somebody_else(story: Story, seed: int) -> None:
    """Within a day, in which nobody answers, an administrator acts as and for no more of the people who were there before."""
    draw, dani = random.Random(seed), story.actor("dani")
    people = story.app.core.people
    before = {person.id: person.name for person in people.persons.values()}
    held = {post: {holder.id for holder in people.holders_of(post, story.clock.now())} for post in people.posts}
    names = [*(name for name, _ in PEOPLE.values()), "Boneka Baru"]
    for step in range(60):
        told = len(dani.messages)
        await dani.says(draw.choice(VERBS).format(who=draw.choice(names), post=draw.choice(POSTS)))
        if dani.messages[told:] and any(choice.title == "Ya, kirim" for choice in dani.last.buttons):
            await dani.presses("Ya, kirim")
        elif dani.messages[told:] and dani.last.buttons:
            await dani.says("/batal")
        found = re.search(r"/akun kode ([A-Z0-9]{8})", dani.last.text)
        if found:
            await story.actor(f"boneka{step}").says(f"/akun kode {found[1]}")
        now = story.app.core.people
        mine = {who for alias, who in now.aliases.items() if alias.startswith("memory:boneka")}
        assert not mine & before.keys()
        for mandate in now.mandates:
            assert not held[mandate.post] & before.keys() or mandate.post == "kabid", mandate


async def test_a_few_wrong_codes_end_the_guessing_of_one_account_and_of_no_other(story: Story) -> None:
    guesser = story.actor("penebak")
    for number in range(5):
        await guesser.says(f"/akun kode AAAAAAA{number + 2}")
        guesser.sees("Kode itu tidak berlaku")
        await guesser.says("/batal")
    await story.actor("siti").says("/akun tautkan")
    code = re.findall(r"[A-Z2-9]{8}", story.actor("siti").last.text)[0]
    await guesser.says(f"/akun kode {code}")
    guesser.sees("Terlalu banyak kode yang salah dari akun ini")
    await story.actor("siti_baru").says(f"/akun kode {code}")
    assert find_name(story, "siti_baru") == "Siti Aminah"


async def test_many_wrong_codes_over_all_accounts_are_told_to_an_administrator_once(story: Story) -> None:
    for number in range(35):
        await story.actor(f"penebak{number}").says("/akun kode AAAAAAAA")
    assert sum("Mungkin ada yang menebak" in shown.text for shown in story.actor("asep").messages) == 1
