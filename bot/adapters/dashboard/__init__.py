"""The dashboard as a messenger: what somebody presses or types on their own page, and what is answered there."""

from .adapter import Dashboard, pressed, typed

__all__ = ["Dashboard", "pressed", "typed"]
