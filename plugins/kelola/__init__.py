"""/kelola: the administrators of a unit keep its part of the directory: posts, mandates, people and their accounts."""

from . import mandates, obrolan, operasi, people, posts, upkeep
from .plugin import plugin

__all__ = ["mandates", "obrolan", "operasi", "people", "plugin", "posts", "upkeep"]
