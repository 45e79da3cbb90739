"""/terlewat: what a person missed, on one screen; also sent every working day, morning and afternoon."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_terlewat import preferences, digest

# isort: on
from pendopo_terlewat.plugin import plugin

__all__ = ["plugin"]
