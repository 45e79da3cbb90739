"""At night nobody is rung but for an emergency, or by what they asked just now; whoever sends it is told so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pendopo import Plugin
from pendopo.config import RawSection, Settings
from pendopo.testing import Story
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat

NIGHT = datetime(2026, 8, 12, 15, 30, tzinfo=UTC)
"""Wednesday, 22.30 WIB."""
PROFILES = ["telegram", "whatsapp", "whatsapp_group"]
HELD = [name for name in PROFILES if name != "telegram"]


def open_night(profile: str, *plugins: Plugin, settings: Settings | None = None) -> Story:
    return Story(list(plugins), profile=profile, start=NIGHT, settings=settings)


@pytest.mark.parametrize("profile", HELD)
async def test_an_izin_card_waits_for_the_morning_and_the_applicant_knows(profile: str, tmp_path: Path) -> None:
    async with Story([izin], profile=profile, start=NIGHT, database=f"sqlite:///{tmp_path / 'bot.db'}") as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        story.sekda.does_not_see("Bappenas")
        story.kadis.sees("🌙 Sudah malam: Sekda", "pukul 05.30")
        await story.restart()
        await story.advance(hours=6, minutes=59)
        story.sekda.does_not_see("Bappenas")
        await story.advance(minutes=1)
        await story.sekda.presses("Setujui")
        story.kadis.sees("disetujui")


async def test_where_the_messenger_can_it_arrives_without_a_sound() -> None:
    async with open_night("telegram", izin) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        assert story.sekda.sees("Bappenas").silent
        story.kadis.sees("🌙 Sudah malam: Sekda", "tanpa bunyi")
        assert not any(shown.silent for shown in story.kadis.messages)
        story.sekda.does_not_see("🌙")


@pytest.mark.parametrize("profile", PROFILES)
async def test_by_day_everything_rings_and_nothing_is_said_of_it(profile: str) -> None:
    async with Story([izin], profile=profile) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        assert not story.sekda.sees("Bappenas").silent
        story.kadis.does_not_see("🌙")


@pytest.mark.parametrize("profile", HELD)
async def test_what_is_taken_back_at_night_is_never_asked(profile: str) -> None:
    async with open_night(profile, izin) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        await story.kadis.says("/izin batal 1")
        await story.advance(hours=8)
        assert [shown.text for shown in story.sekda.messages if "meminta izin" in shown.text] == []
        assert not any(choice.title == "Setujui" for shown in story.sekda.messages for choice in shown.buttons)


@pytest.mark.parametrize("profile", HELD)
async def test_leave_of_the_next_day_asked_at_night_can_still_be_decided_in_the_morning(profile: str) -> None:
    async with open_night(profile, izin) as story:
        await story.kadis.says("/izin besok dinas ke Garut")
        await story.kadis.presses("Kirim")
        await story.advance(hours=7, minutes=5)
        story.kadis.does_not_see("kedaluwarsa")
        await story.sekda.presses("Setujui")
        story.kadis.sees("disetujui")


@pytest.mark.parametrize("profile", HELD)
async def test_an_invitation_waits_but_not_one_for_tonight(profile: str) -> None:
    async with open_night(profile, rapat) as story:
        await story.kadis.says("/rapat Evaluasi Jumat jam 9 undang Camat Coblong")
        await story.kadis.presses("Undang")
        story.camat.does_not_see("Evaluasi")
        await story.kadis.says("/rapat Tanggul jebol hari ini jam 23.30 undang Camat Coblong")
        await story.kadis.presses("Undang")
        assert not story.camat.sees("Tanggul jebol").silent
        await story.advance(hours=7, minutes=5)
        story.camat.sees("Evaluasi")


@pytest.mark.parametrize("profile", PROFILES)
async def test_an_emergency_rings_and_a_pothole_does_not(profile: str) -> None:
    grup = RawSection(values={"grup": ["memory:forum"]})
    async with open_night(profile, laporan, settings=Settings(plugin={"laporan": grup})) as story:
        await story.lurah.says("/laporan darurat tanggul jebol di Dago, 12 rumah")
        assert not story.camat.sees("tanggul jebol").silent
        assert not story.group.sees("tanggul jebol").silent
        await story.lurah.says("/laporan jalan berlubang di Dago")
        loud = [shown.text for wall in (story.camat, story.group) for shown in wall.messages if not shown.silent]
        assert not any("berlubang" in text for text in loud)
        await story.advance(hours=7, minutes=5)
        story.camat.sees("berlubang")


@pytest.mark.parametrize("profile", PROFILES)
async def test_what_people_ask_at_night_is_answered_at_once(profile: str) -> None:
    async with open_night(profile, izin, ingatkan) as story:
        await story.kadis.says("/izin saya")
        await story.kadis.says("/ingatkan saya jam 23 tutup pompa")
        await story.advance(minutes=31)
        assert not story.kadis.sees("Tutup pompa").silent
        story.kadis.does_not_see("🌙")


async def test_quiet_hours_are_a_setting() -> None:
    never = Settings.model_validate({"quiet_hours": {"begins": "05:00", "ends": "05:00"}})
    async with open_night("whatsapp", izin, settings=never) as story:
        await story.kadis.says("/izin rakor Bappenas Jumat jam 9")
        await story.kadis.presses("Kirim")
        story.sekda.sees("Bappenas")
