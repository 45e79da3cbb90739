"""A meeting is moved, called off, or given to others, by who runs it."""

from icalendar import Calendar
from pendopo.testing import Story

from tests.plugins.rapat.meeting import call_tomorrow
from tests.plugins.rapat.town import get_state, list_actions, read_documents


async def test_a_meeting_that_moves_takes_its_reminders_and_calendars_along(story: Story) -> None:
    await call_tomorrow(story)
    await story.sekda.says("/rapat ubah 1 lusa jam 13 di Aula Barat")
    story.kadis.sees("Rapat diubah oleh Sekda", "Jumat, 14 Agustus 2026, pukul 13.00 WIB", "Aula Barat")
    await story.advance(hours=23, minutes=30)
    story.kadis.does_not_see("Rapat segera dimulai")
    await story.advance(days=1, hours=2, minutes=41)
    story.kadis.sees("Rapat segera dimulai", "Aula Barat")
    sent = [Calendar.from_ical(data) for data in read_documents(story, story.kadis, ".ics")]
    events = [(event.uid, event.sequence, f"{event.start:%H}") for each in sent for event in each.events]
    assert events == [
        (f"rapat-1@{story.app.core.installation.id}.pendopo", 0, "10"),
        (f"rapat-1@{story.app.core.installation.id}.pendopo", 1, "13"),
    ]


async def test_a_meeting_called_off_leaves_every_calendar(story: Story) -> None:
    await call_tomorrow(story)
    await story.sekda.says("/rapat batal 1")
    story.sekda.sees("Apa alasannya?")
    await story.sekda.says("pimpinan dinas luar")
    story.kadis.sees("Dibatalkan oleh Sekda. Alasan: pimpinan dinas luar")
    cancelled = read_documents(story, story.kadis, ".ics")[-1]
    (event,) = Calendar.from_ical(cancelled).walk("VEVENT")
    assert b"METHOD:CANCEL" in cancelled
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (
        f"rapat-1@{story.app.core.installation.id}.pendopo",
        1,
        "CANCELLED",
    )
    assert await story.stored.list_calendar_entries() == []
    await story.advance(days=2)
    story.kadis.does_not_see("Rapat segera dimulai")
    await story.sekda.says("/rapat mulai 1")
    story.sekda.sees("Rapat #1 dibatalkan")


async def test_only_who_runs_it_changes_it(story: Story) -> None:
    await call_tomorrow(story)
    for text in ("/rapat batal 1 karena malas", "/rapat ubah 1 lusa jam 9", "/rapat mulai 1", "/rapat undang 1 Lurah Dago"):
        await story.kadis.says(text)
        story.kadis.sees("Pimpinan: Sekda")
    assert await get_state(story) == "diundang"
    await story.lurah.says("/rapat 1")
    story.lurah.sees("Anda bukan peserta rapat #1")
    story.lurah.does_not_see("sampah")


async def test_more_people_are_invited_later_and_told(story: Story) -> None:
    await call_tomorrow(story)
    await story.sekda.says("/rapat undang 1 Lurah Dago, Kadis PU")
    story.lurah.sees("mengundang Anda rapat", "Penanganan sampah")
    assert len([s for s in story.kadis.messages if "mengundang Anda" in s.text]) == 1
    await story.sekda.says("/rapat notulis 1 Kadis PU")
    story.kadis.sees("Anda notulis rapat #1")
    await story.sekda.says("/rapat pimpinan 1 Wali Kota")
    story.walikota.sees("Anda memimpin rapat #1")
    await story.sekda.says("/rapat pimpinan 1 Sekda")
    story.sekda.sees("hanya untuk pimpinan rapat #1: Wali Kota")
    assert {"rapat.notulis", "rapat.pimpinan"} <= set(await list_actions(story))
