"""A messenger in the browser: for trying, showing and testing without any messenger account."""

from pendopo.adapters.simulator.adapter import Simulator
from pendopo.adapters.simulator.people import SimGroup, SimPerson
from pendopo.adapters.simulator.phones import ScreenChange, Upload
from pendopo.adapters.simulator.screen import Bubble, Screen

__all__ = ["Bubble", "Screen", "ScreenChange", "SimGroup", "SimPerson", "Simulator", "Upload"]
