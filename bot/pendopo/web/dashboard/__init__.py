"""The dashboard: the bot's data in a browser, each person's share of it, after signing in through a chat."""

from pendopo.web.dashboard.routes import Dashboard

__all__ = ["Dashboard"]
