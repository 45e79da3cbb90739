"""The dashboard as a messenger: what somebody presses or types on their own page, and what is answered there."""

from pendopo.adapters.dashboard.adapter import Dashboard, pack_press, pack_text

__all__ = ["Dashboard", "pack_press", "pack_text"]
