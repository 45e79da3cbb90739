"""/rapat: meetings elsewhere and in the chat, with their decisions, follow-ups and minutes."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_rapat import policies
from pendopo_rapat.meetings import creation, changes
from pendopo_rapat.followups import reminders, progress
from pendopo_rapat import calendar_feed
from pendopo_rapat.followups import followups
from pendopo_rapat.meetings import notes
from pendopo_rapat.pages import meetings
from pendopo_rapat.meetings import invitations, agenda
from pendopo_rapat import lists
from pendopo_rapat import minutes
from pendopo_rapat.meetings import attendance
from pendopo_rapat import polls
from pendopo_rapat.proposals import proposals
from pendopo_rapat.meetings import recurrence
from pendopo_rapat.proposals import decisions
from pendopo_rapat.pages import followups as _pages_followups
from pendopo_rapat import undo

# isort: on
from pendopo_rapat.plugin import plugin

__all__ = ["plugin"]
