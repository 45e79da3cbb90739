"""Telegram, by its Bot API. The only part of the house that knows python-telegram-bot; import it only where it is used."""

from pendopo.adapters.telegram.adapter import Telegram, check_settings
from pendopo.adapters.telegram.api import Timing

__all__ = ["Telegram", "Timing", "check_settings"]
