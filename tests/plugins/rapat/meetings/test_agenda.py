"""The agenda runs with its time."""

from pendopo.testing import Story

from tests.plugins.rapat.meeting import call_meeting
from tests.plugins.rapat.town import list_actions


async def test_the_agenda_runs_with_its_time(story: Story) -> None:
    await call_meeting(story)
    await story.kadis.says("/agenda tambah 1 Kesiapan pompa 15 menit", group=True)
    story.group.sees("Butir 1 rapat #1: Kesiapan pompa")
    await story.sekda.says("/agenda tambah 1 Anggaran", group=True)
    await story.advance(minutes=35)
    await story.sekda.says("/rapat mulai 1", group=True)
    await story.sekda.says("/agenda lanjut", group=True)
    story.group.sees("▶ Butir 1: Kesiapan pompa (15 menit)")
    await story.advance(minutes=9)
    story.group.does_not_see("lagi untuk butir")
    await story.restart()
    await story.advance(minutes=2)
    story.group.sees("5 menit lagi untuk butir 1: Kesiapan pompa")
    await story.advance(minutes=5)
    story.group.sees("Waktu butir 1 habis")
    await story.sekda.presses("Butir berikutnya", group=True)
    story.group.sees("▶ Butir 2: Anggaran")
    await story.kadis.says("/agenda", group=True)
    story.group.sees("✔ 1. Kesiapan pompa (15 menit)", "▶ 2. Anggaran")
    await story.sekda.says("/agenda lanjut", group=True)
    story.group.sees("Semua butir agenda sudah dibahas")
    assert (await list_actions(story)).count("rapat.butir") == 2
