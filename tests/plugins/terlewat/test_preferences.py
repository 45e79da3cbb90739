"""When digests come and when it is quiet is chosen in a chat or on the dashboard."""

from pendopo.testing import Story

from .steps import send_izin


async def test_everybody_chooses_their_hours(story: Story) -> None:
    await send_izin(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.sekda.says("/terlewat atur tidak 11.10")
    story.sekda.sees("Ringkasan Anda datang pukul 11.10")
    await story.advance(minutes=51)
    assert story.sekda.last.text.count("Menunggu Anda") == 1
    before = len(story.sekda.messages)
    await story.advance(hours=20)
    assert not any("Ringkasan ·" in shown.text for shown in story.sekda.messages[before:])


async def test_no_digest_comes_in_quiet_hours_but_when_they_end(story: Story) -> None:
    await send_izin(story, "/izin 21 Agustus jam 9 rapat koordinasi")
    await story.sekda.says("/terlewat tenang 16.00 17.15")
    await story.advance(hours=6, minutes=50)  # 17.10
    assert not any("Ringkasan ·" in shown.text for shown in story.sekda.messages)
    await story.advance(minutes=10)
    assert any("Ringkasan ·" in shown.text for shown in story.sekda.messages)


async def test_a_clock_that_is_none_is_asked_for_again(story: Story) -> None:
    await story.sekda.says("/terlewat atur 25.00 16.30")
    story.sekda.sees("bukan jam")


async def test_the_hours_are_chosen_on_the_dashboard_too(story: Story) -> None:
    page = await story.sekda.opens("/terlewat/atur")
    await page.submits_form("Simpan ringkasan", pagi="08:00", sore="", tenang_mulai="21:00", tenang_selesai="05:30")
    again = await story.sekda.opens("/terlewat/atur")
    again.sees("08:00", "21:00", "05:30")
    again.does_not_see("16:30")
