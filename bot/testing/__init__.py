"""The test kit: whole conversations in memory, with a clock that moves when you say so.

async def test_sekda_approves(story):
    await story.kadis.says("/izin rakor besok jam 9")
    await story.kadis.presses("Kirim")
    await story.sekda.presses("Setujui")
    story.group.sees("Disetujui Sekda")
"""

from .actor import Actor, ChatView
from .clock import FakeClock
from .messenger import PROFILES, MemoryMessenger, ShownMessage
from .opened import DashboardPage
from .stored import Stored
from .story import Story

__all__ = ["PROFILES", "Actor", "ChatView", "DashboardPage", "FakeClock", "MemoryMessenger", "ShownMessage", "Stored", "Story"]
