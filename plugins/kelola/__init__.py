"""/kelola: the administrators of a unit keep its part of the directory: posts, mandates, people and their accounts."""

from . import mandates, operasi, people, posts, upkeep
from .plugin import plugin

__all__ = ["mandates", "operasi", "people", "plugin", "posts", "upkeep"]
