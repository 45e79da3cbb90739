"""Prayer times from the sun, good to a minute or two: enough for "ba'da Magrib"."""

from datetime import date
from functools import lru_cache
from math import acos, asin, atan, atan2, cos, degrees, radians, sin, tan
from typing import NamedTuple

PRAYER_PARTS = {"subuh": "dini", "zuhur": "siang", "asar": "sore", "magrib": "sore", "isya": "malam", "jumat": "siang"}
"""The part of the day that a prayer is in: it decides the hour of a clock beside it."""


class Place(NamedTuple):
    """Where the people are who say "ba'da Magrib", and the angles of the sun that their calendar uses."""

    latitude: float = -6.9175
    longitude: float = 107.6191
    offset: float = 7.0
    fajr: float = 20.0
    isha: float = 18.0


BANDUNG = Place()


@lru_cache(maxsize=64)
def prayer_times(day: date, place: Place = BANDUNG) -> dict[str, int]:
    """Return minutes after midnight of the five prayers and the Friday prayer."""
    declination, equation = _sun_position(day)
    noon = 12 + place.offset - place.longitude / 15 - equation
    asar_height = degrees(atan(1 / (1 + tan(radians(abs(place.latitude - declination))))))

    def arc(height: float) -> float:
        """Hours between noon and the moment the sun stands at `height`."""
        low, tilt = radians(place.latitude), radians(declination)
        part = (sin(radians(height)) - sin(low) * sin(tilt)) / (cos(low) * cos(tilt))
        return degrees(acos(min(1.0, max(-1.0, part)))) / 15

    hours = {
        "subuh": noon - arc(-place.fajr),
        "zuhur": noon + 1 / 60,
        "asar": noon + arc(asar_height),
        "magrib": noon + arc(-0.833),
        "isya": noon + arc(-place.isha),
        "jumat": noon + 25 / 60,
    }
    return {name: round(hour * 60) for name, hour in hours.items()}


def _sun_position(day: date) -> tuple[float, float]:
    """Return the sun's declination in degrees and the equation of time in hours (Astronomical Almanac, low precision)."""
    days = day.toordinal() - date(2000, 1, 1).toordinal()
    anomaly = radians((357.529 + 0.98560028 * days) % 360)
    mean = (280.459 + 0.98564736 * days) % 360
    longitude = radians(mean + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439 - 0.00000036 * days)
    ascension = degrees(atan2(cos(tilt) * sin(longitude), cos(longitude))) / 15 % 24
    equation = (mean / 15 - ascension + 12) % 24 - 12
    return degrees(asin(sin(tilt) * sin(longitude))), equation
