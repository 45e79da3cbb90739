"""Meetings: calling, changing, attending and closing them."""
