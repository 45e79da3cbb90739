"""What files are, judged by their bytes: their type, whether they are sound, and pictures that may be shown to others."""

from .collage import collage
from .look import MOST_PIXELS, Look, Picture, Unfit, look
from .map import Spot, draw
from .sniff import sniff

__all__ = ["MOST_PIXELS", "Look", "Picture", "Spot", "Unfit", "collage", "draw", "look", "sniff"]
