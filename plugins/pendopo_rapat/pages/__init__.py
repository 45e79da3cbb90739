"""Meetings and follow-ups on the dashboard."""
