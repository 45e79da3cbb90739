"""The whole conversation of an izin, as people live it, on every kind of messenger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pendopo.errors import ChatClosedError
from pendopo.model import Account, Chat
from pendopo.testing import PROFILES, Story
from pendopo.testing.messenger import ShownMessage
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin

from tests.plugins.counting import queries
from tests.tampering import change_rows


@pytest.fixture
async def story(tmp_path: Path, profile: str) -> AsyncIterator[Story]:
    async with Story([izin], database=f"sqlite:///{tmp_path}/x.db", profile=profile) as told:
        yield told


async def asked(story: Story, text: str = "/izin rakor Bappenas besok jam 9") -> tuple[ShownMessage, ShownMessage]:
    """An izin is put to the Sekda; returns what the group and what the Sekda see of it."""
    await story.kadis.says(text, group=True)
    await story.kadis.presses("Kirim", group=True)
    return story.group.last, story.sekda.last


def said_to(story: Story, name: str) -> str:
    actor = story.actor(name)
    return actor.toast or actor.last.text


async def states(story: Story) -> list[str]:
    return [row.status for row in await story.stored.list_rows(Izin)]


async def test_asked_sent_decided_told(story: Story) -> None:
    await story.kadis.says("/izin menghadiri rakor Bappenas besok jam 9", group=True)
    draft = story.group.sees("Izin #1", "Kadis PU", "Menghadiri rakor Bappenas", "Kamis, 13 Agustus 2026", "Sekda", "Kirim?")
    assert draft.reply_to
    assert story.sekda.messages == []
    await story.kadis.presses("Kirim", group=True)
    assert "Menunggu keputusan Sekda" in story.group.last.text
    story.sekda.sees("Kadis PU meminta izin", "Menghadiri rakor Bappenas", "Kamis, 13 Agustus 2026")
    await story.sekda.presses("Setujui")
    assert "Disetujui Sekda" in story.group.last.text
    story.sekda.sees("Disetujui Sekda")
    story.kadis.sees("Izin #1 Anda disetujui Sekda", "Menghadiri rakor Bappenas")


async def test_where_messages_can_be_changed_the_group_reads_one_message_and_not_three(story: Story) -> None:
    _, card = await asked(story)
    await story.sekda.presses("Setujui")
    if PROFILES[story.messenger.profile].edit:
        assert len(story.group.messages) == 1
        assert len(story.sekda.messages) == 1
        assert card.buttons == ()
    else:
        assert [("Kirim?" in m.text, "Menunggu" in m.text, "Disetujui" in m.text) for m in story.group.messages] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]


@pytest.mark.parametrize("answer", ["setuju", "ok", "acc", "1"])
async def test_a_quoted_yes_decides(story: Story, answer: str) -> None:
    _, card = await asked(story)
    await story.sekda.says(answer, to=card)
    story.kadis.sees("disetujui Sekda")


async def test_a_quoted_no_with_its_reason_decides(story: Story) -> None:
    _, card = await asked(story)
    await story.sekda.says("tolak karena ada rapat anggaran", to=card)
    story.kadis.sees("ditolak Sekda", "Alasan: ada rapat anggaran")
    assert "Alasan: ada rapat anggaran" in story.group.last.text


async def test_a_refusal_without_a_reason_is_asked_for_one(story: Story) -> None:
    await asked(story)
    await story.sekda.presses("Tolak…")
    assert story.sekda.last.text == "Apa alasan penolakannya? Balas pesan ini."
    assert story.kadis.messages == []
    await story.restart()
    await story.sekda.says("kantor sedang diaudit")
    story.kadis.sees("ditolak Sekda", "Alasan: kantor sedang diaudit")


async def test_who_wonders_at_the_reason_may_still_approve(story: Story) -> None:
    _, card = await asked(story)
    await story.sekda.presses("Tolak…")
    await story.sekda.says("/batal")
    await story.sekda.presses("Setujui", on=card)
    story.kadis.sees("disetujui Sekda")


async def test_nobody_but_the_one_who_asked_sends_the_draft(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    draft = story.group.last
    await story.camat.presses("Kirim", group=True, on=draft)
    assert (story.camat.toast or story.group.last.text) == "Pilihan ini bukan untuk Anda."
    assert story.sekda.messages == []


async def test_it_is_decided_once_however_often_somebody_touches(story: Story) -> None:
    _, card = await asked(story)
    await story.sekda.presses("Setujui", on=card)
    await story.sekda.says("2", to=card)
    if card.buttons:
        await story.sekda.presses("Tolak…", on=card)
    assert await states(story) == ["disetujui"]
    lines = await story.stored.list_audit_lines("izin")
    assert sum(line.action in ("izin.setujui", "izin.tolak") for line in lines) == 1
    assert sum("disetujui" in shown.text for shown in story.kadis.messages) == 1


async def test_a_draft_thrown_away_reaches_nobody(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    await story.kadis.presses("Batal", group=True)
    assert "Draf dibuang" in story.group.last.text
    assert story.sekda.messages == []


async def test_taken_back_before_the_decision_it_cannot_be_decided(story: Story) -> None:
    _, card = await asked(story)
    await story.kadis.says("/izin batal 1")
    story.kadis.sees("Izin #1 sudah ditarik")
    story.sekda.sees("Ditarik kembali")
    await story.sekda.says("1", to=card)
    assert await states(story) == ["ditarik"]


async def test_taken_back_after_the_decision_it_is_cancelled_with_a_trace(story: Story) -> None:
    await asked(story)
    await story.sekda.presses("Setujui")
    await story.kadis.says("/izin batal 1 karena rakor ditunda")
    assert await states(story) == ["dibatalkan"]
    story.sekda.sees("Kadis PU membatalkan izin #1", "Alasan: rakor ditunda")
    await story.kadis.says("/izin batal 1")
    assert "Izin #1 sudah dibatalkan, jadi tidak dapat ditarik lagi." in story.kadis.last.text


async def test_nobody_takes_back_what_is_anothers(story: Story) -> None:
    await asked(story)
    await story.camat.says("/izin batal 1")
    assert story.camat.last.text == "Izin #1 bukan milik Anda."
    await story.camat.says("/izin batal 99")
    assert "Nomor 99 tidak ditemukan" in story.camat.last.text


async def test_after_a_refused_number_nothing_more_is_waited_for(story: Story) -> None:
    await asked(story)
    await story.camat.says("/izin batal")
    await story.camat.says("1")
    assert story.camat.last.text == "Izin #1 bukan milik Anda."
    await story.advance(hours=1)
    story.camat.does_not_see("30 menit")


async def test_without_a_private_chat_the_decision_is_asked_for_in_the_group(story: Story) -> None:
    def no_chat(account: Account) -> Chat | None:
        return None

    story.messenger.private_chat = no_chat
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    await story.kadis.presses("Kirim", group=True)
    card = story.group.last
    assert "Menunggu keputusan Sekda" in card.text
    await story.camat.presses("Setujui", group=True, on=card)
    assert (story.camat.toast or story.group.last.text) == "Pilihan ini bukan untuk Anda."
    await story.sekda.presses("Setujui", group=True, on=card)
    story.group.sees("Disetujui Sekda")


async def test_what_waits_is_found_by_as_many_queries_however_much_it_is(story: Story) -> None:
    counts = []
    for day in range(18, 23):
        await story.kadis.says(f"/izin rakor {day} Agustus jam 9")
        await story.kadis.presses("Kirim")
        with queries(story) as made:
            await story.sekda.says("/izin tunggu")
        counts.append(len(made))
    assert "#5" in story.sekda.last.text
    assert len(set(counts)) == 1


async def test_a_superior_who_blocked_the_bot_is_asked_in_the_group(story: Story) -> None:
    await story.sekda.says("/izin tunggu")
    story.messenger.faults = [ChatClosedError("blocked")]
    await story.sekda.says("/izin tunggu")
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    await story.kadis.presses("Kirim", group=True)
    await story.sekda.presses("Setujui", group=True, on=story.group.last)
    assert "Disetujui Sekda" in story.group.last.text


async def test_who_has_nobody_above_is_told_so(story: Story) -> None:
    await story.walikota.says("/izin rakor besok jam 9")
    assert "tidak mempunyai atasan" in story.walikota.last.text


async def test_a_time_that_is_over_is_asked_again_and_the_purpose_is_kept(story: Story) -> None:
    await story.kadis.says("/izin rapat tanggal 1 Agustus 2026 jam 9")
    assert "sudah lewat" in story.kadis.last.text
    await story.kadis.says("besok jam 9")
    story.kadis.sees("Izin #1", "Rapat", "Kamis, 13 Agustus 2026", "Kirim?")


async def test_being_ill_today_is_no_thing_of_the_past(story: Story) -> None:
    await story.kadis.says("/izin sakit hari ini")
    story.kadis.sees("Izin #1", "Sakit", "Rabu, 12 Agustus 2026")


async def test_what_is_missing_is_asked_for(story: Story) -> None:
    await story.kadis.says("/izin")
    assert story.kadis.last.text.startswith("Untuk kapan?")
    await story.kadis.says("besok jam 9")
    assert story.kadis.last.text == "Untuk keperluan apa?"
    await story.kadis.says("rakor")
    story.kadis.sees("Rakor", "Kamis, 13 Agustus 2026")


@pytest.mark.parametrize(
    "text", ["izin sakit hari ini", "/IZIN sakit hari ini", "/ijin sakit hari ini", "／izin sakit hari ini"]
)
async def test_people_write_it_as_they_like(story: Story, text: str) -> None:
    await story.kadis.says(text)
    story.kadis.sees("Izin #1", "Sakit")


async def test_izin_saya_begins_a_sentence_too(story: Story) -> None:
    await story.kadis.says("/izin saya sakit hari ini")
    story.kadis.sees("Izin #1", "Saya sakit")


async def test_every_step_survives_a_restart(story: Story) -> None:
    await story.kadis.says("/izin rakor", group=True)
    await story.restart()
    await story.kadis.says("besok jam 9", group=True, to=story.group.last)
    await story.restart()
    await story.kadis.presses("Kirim", group=True)
    await story.restart()
    await story.sekda.presses("Tolak…")
    await story.restart()
    await story.sekda.says("ada tamu")
    await story.restart()
    story.kadis.sees("ditolak Sekda", "ada tamu")
    assert "Ditolak Sekda" in story.group.last.text


async def test_lists_show_what_is_mine_and_what_waits_for_me(story: Story) -> None:
    await story.kadis.says("/izin saya")
    assert "belum pernah" in story.kadis.last.text
    await story.sekda.says("/izin tunggu")
    assert "Tidak ada izin yang menunggu" in story.sekda.last.text
    await asked(story)
    await story.kadis.says("/izin saya")
    story.kadis.sees("Izin Anda:", "#1", "Rakor Bappenas", "menunggu")
    await story.sekda.says("/izin tunggu")
    story.sekda.sees("Menunggu keputusan Anda", "#1", "Kadis PU")
    await story.camat.says("/izin saya")
    story.camat.does_not_see("Bappenas")


async def test_a_superior_of_yesterday_decides_nothing(story: Story) -> None:
    """The right lies with the post and is looked at when the button is touched, not when it was made."""
    _, card = await asked(story)
    await change_rows(story.app.database, "post", {"code": "kadis"}, superior="walikota")
    await story.app.core.directory.load(story.clock.now())
    await story.sekda.says("1", to=card)
    assert said_to(story, "sekda") == "Ini diputuskan oleh Wali Kota."
    assert await states(story) == ["diajukan"]


async def test_every_step_is_in_the_audit_log(story: Story) -> None:
    await asked(story)
    await story.sekda.presses("Setujui")
    assert [(line.action, line.object) for line in await story.stored.list_audit_lines()] == [
        ("izin.draf", "izin/1"),
        ("izin.ajukan", "izin/1"),
        ("izin.setujui", "izin/1"),
    ]


async def test_what_a_person_writes_is_never_read_as_markup(story: Story) -> None:
    await story.kadis.says("/izin *rapat* _penting_ {nomor} `x` besok jam 9")
    story.kadis.sees("*rapat* _penting_ {nomor} `x`")
