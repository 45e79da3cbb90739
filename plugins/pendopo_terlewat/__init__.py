"""/terlewat: what somebody missed, on one screen; by itself in the morning and in the afternoon of working days."""

# isort: off: the order of these is the order of the commands in /bantuan
from pendopo_terlewat import digest, preferences

# isort: on
from pendopo_terlewat.plugin import plugin

__all__ = ["plugin"]
