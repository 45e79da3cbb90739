"""A messenger in the browser: for trying, showing and testing without any messenger account."""

from .adapter import Simulator
from .people import SimGroup, SimPerson
from .phones import ScreenChange, Upload
from .screen import Bubble, Screen

__all__ = ["Bubble", "Screen", "ScreenChange", "SimGroup", "SimPerson", "Simulator", "Upload"]
