"""The whole conversation of an izin, as people live it, on every kind of messenger."""

from pendopo.errors import ChatClosedError
from pendopo.model import Account, Chat
from pendopo.testing import PROFILES, Story

from tests.plugins.izin.steps import put_to_sekda


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
    _, card = await put_to_sekda(story)
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


async def test_a_superior_who_blocked_the_bot_is_asked_in_the_group(story: Story) -> None:
    await story.sekda.says("/izin tunggu")
    story.messenger.faults = [ChatClosedError("blocked")]
    await story.sekda.says("/izin tunggu")
    await story.kadis.says("/izin rakor besok jam 9", group=True)
    await story.kadis.presses("Kirim", group=True)
    await story.sekda.presses("Setujui", group=True, on=story.group.last)
    assert "Disetujui Sekda" in story.group.last.text


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


async def test_every_step_is_in_the_audit_log(story: Story) -> None:
    await put_to_sekda(story)
    await story.sekda.presses("Setujui")
    assert [(line.action, line.object) for line in await story.stored.list_audit_lines()] == [
        ("izin.draf", "izin/1"),
        ("izin.ajukan", "izin/1"),
        ("izin.setujui", "izin/1"),
    ]


async def test_what_a_person_writes_is_never_read_as_markup(story: Story) -> None:
    await story.kadis.says("/izin *rapat* _penting_ {nomor} `x` besok jam 9")
    story.kadis.sees("*rapat* _penting_ {nomor} `x`")
