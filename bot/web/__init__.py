"""The web side of a bot."""

from .app import build
from .server import Server

__all__ = ["Server", "build"]
