"""The test kit: whole conversations in memory, with a clock that only tests move.

async def test_sekda_approves(story):
    await story.kadis.says("/izin rakor besok jam 9")
    await story.kadis.presses("Kirim")
    await story.sekda.presses("Setujui")
    story.group.sees("Disetujui Sekda")
"""

from pendopo.testing.actor import Actor, ChatView
from pendopo.testing.clock import FakeClock
from pendopo.testing.dashboard_page import DashboardPage
from pendopo.testing.messenger import PROFILES, MemoryMessenger, ShownMessage
from pendopo.testing.stored import Stored
from pendopo.testing.story import Story

__all__ = ["PROFILES", "Actor", "ChatView", "DashboardPage", "FakeClock", "MemoryMessenger", "ShownMessage", "Stored", "Story"]
