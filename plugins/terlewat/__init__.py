"""/terlewat: what somebody missed, on one screen; by itself in the morning and in the afternoon of working days."""

from . import choosing, digest
from .plugin import plugin

__all__ = ["choosing", "digest", "plugin"]
