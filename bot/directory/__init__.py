"""Who is who, and who may do what."""

from .directory import Directory
from .people import People
from .policy import CITY_OVERSIGHT, Decision, Resource, decide
from .posts import Forum, Mandate, Post, Unit

__all__ = ["CITY_OVERSIGHT", "Decision", "Directory", "Forum", "Mandate", "People", "Post", "Resource", "Unit", "decide"]
