"""The dashboard as a messenger: people press buttons and type lines on their own page, and read the answers there."""

from pendopo.adapters.dashboard.adapter import Dashboard, pack_press, pack_text

__all__ = ["Dashboard", "pack_press", "pack_text"]
