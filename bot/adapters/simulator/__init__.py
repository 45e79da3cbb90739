"""A messenger in the browser: for trying, showing and testing without any messenger account."""

from .adapter import Simulator
from .people import SimGroup, SimPerson
from .phones import Change, Upload
from .screen import Bubble, Screen

__all__ = ["Bubble", "Change", "Screen", "SimGroup", "SimPerson", "Simulator", "Upload"]
