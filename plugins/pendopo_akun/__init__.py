"""/akun and /masuk: who the bot takes you for, one person on several messengers, and the way into the dashboard."""

from pendopo_akun import dashboard
from pendopo_akun.plugin import plugin

__all__ = ["plugin"]
