"""/rapat: meetings elsewhere and in the chat, with their decisions, follow-ups and minutes."""

# isort: off: the order of these is the order of the commands in /bantuan
from pendopo_rapat import calendar_feed, lists, undo
from pendopo_rapat.followups import followups, progress, reminders
from pendopo_rapat.meetings import agenda, attendance, changes, creation, invitations, notes, recurrence
from pendopo_rapat.minutes import approval, minutes
from pendopo_rapat.pages import followups as _pages_followups
from pendopo_rapat.pages import meetings

# isort: on
from pendopo_rapat.plugin import plugin
from pendopo_rapat.polls import polls
from pendopo_rapat.proposals import decisions, proposals

__all__ = ["plugin"]
