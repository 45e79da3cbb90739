"""/kelola: the administrators of a unit keep its part of the directory: posts, mandates, people and their accounts."""

from . import mandates, people, posts, upkeep
from .plugin import plugin

__all__ = ["mandates", "people", "plugin", "posts", "upkeep"]
