"""/akun and /masuk: whom the bot takes you for, your accounts on several messengers, and the way into the dashboard."""

from pendopo_akun import linking
from pendopo_akun.plugin import plugin

__all__ = ["plugin"]
