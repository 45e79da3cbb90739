"""/izin: ask to be away; who is above you answers with one tap."""

from . import asking, changing, deciding, halaman, lists, papers, timing
from .plugin import plugin

__all__ = ["asking", "changing", "deciding", "halaman", "lists", "papers", "plugin", "timing"]
