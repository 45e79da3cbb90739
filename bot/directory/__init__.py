"""Who is who, and who may do what."""

from .directory import Directory
from .people import People
from .policy import Decision, Thing, decide
from .posts import Forum, Mandate, Post, Unit

__all__ = ["Decision", "Directory", "Forum", "Mandate", "People", "Post", "Thing", "Unit", "decide"]
