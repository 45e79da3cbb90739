"""The web app of a bot and its server."""

from pendopo.web.app import build_web_app
from pendopo.web.server import Server

__all__ = ["Server", "build_web_app"]
