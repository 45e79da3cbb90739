"""Files judged by their bytes: their type, whether they are sound, and pictures that are safe to show."""

from pendopo.media.collage import make_collage
from pendopo.media.inspection import Inspection, Picture, UnsupportedFileError, inspect_file
from pendopo.media.map import MapPoint, draw_map
from pendopo.media.sniff import sniff_type

__all__ = [
    "Inspection",
    "MapPoint",
    "Picture",
    "UnsupportedFileError",
    "draw_map",
    "inspect_file",
    "make_collage",
    "sniff_type",
]
