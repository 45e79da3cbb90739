"""/izin: ask to be away; the person above you answers with one tap."""

from .plugin import plugin

__all__ = ["plugin"]
