"""Telegram, by its Bot API. The only part of the house that knows python-telegram-bot; import it only where it is used."""

from .adapter import Telegram, check_settings
from .client import Timing

__all__ = ["Telegram", "Timing", "check_settings"]
