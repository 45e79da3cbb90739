"""Who is who, and who may do what."""

from .directory import Directory
from .people import People, Post, Unit
from .policy import Decision, decide

__all__ = ["Decision", "Directory", "People", "Post", "Unit", "decide"]
