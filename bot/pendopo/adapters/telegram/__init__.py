"""Telegram through its Bot API. Only this package imports python-telegram-bot, which is slow to load: import it on use."""

from pendopo.adapters.telegram.adapter import Telegram, check_settings
from pendopo.adapters.telegram.api import Timing

__all__ = ["Telegram", "Timing", "check_settings"]
