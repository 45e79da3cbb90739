"""/akun and /masuk: who the bot takes you for, one person on several messengers, and the way into the dashboard."""

from . import dasbor
from .plugin import plugin

__all__ = ["dasbor", "plugin"]
