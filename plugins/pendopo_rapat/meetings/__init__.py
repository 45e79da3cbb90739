"""Meetings: called, moved, attended, closed."""
