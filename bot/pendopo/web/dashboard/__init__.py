"""The dashboard: what everybody may see of what the bot knows, in a browser, after signing in through a chat."""

from pendopo.web.dashboard.routes import Dashboard

__all__ = ["Dashboard"]
