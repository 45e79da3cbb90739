"""The web side of a bot."""

from .app import build_web_app
from .server import Server

__all__ = ["Server", "build_web_app"]
