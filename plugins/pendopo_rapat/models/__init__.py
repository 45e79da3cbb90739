"""Rows of meetings, polls, proposals, minutes and follow-ups."""
