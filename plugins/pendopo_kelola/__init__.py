"""/kelola: the administrators of a unit keep its part of the directory: posts, mandates, people and their accounts."""

# isort: off: the order of these is the order of the commands in /bantuan
from pendopo_kelola import chats, jobs, mandates, operations, people, posts

# isort: on
from pendopo_kelola.plugin import plugin

__all__ = ["plugin"]
