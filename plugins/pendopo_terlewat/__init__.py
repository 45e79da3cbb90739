"""/terlewat: what somebody missed, on one screen; by itself in the morning and in the afternoon of working days."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_terlewat import preferences, digest

# isort: on
from pendopo_terlewat.plugin import plugin

__all__ = ["plugin"]
