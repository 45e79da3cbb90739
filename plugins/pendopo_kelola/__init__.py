"""/kelola: the administrators of a unit keep its part of the directory: posts, mandates, people and their accounts."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_kelola import mandates, operations, people

# isort: on
from pendopo_kelola.plugin import plugin

__all__ = ["plugin"]
