"""Who is who, and who may do what."""

from .directory import Directory
from .people import People
from .policy import ALL_SEEING, Decision, Thing, decide
from .posts import Forum, Mandate, Post, Unit

__all__ = ["ALL_SEEING", "Decision", "Directory", "Forum", "Mandate", "People", "Post", "Thing", "Unit", "decide"]
