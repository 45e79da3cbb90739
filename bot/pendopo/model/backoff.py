"""Back-off: how long to wait before something that failed is tried again."""

from collections.abc import Sequence
from typing import TypeVar

_Seconds = TypeVar("_Seconds", bound=float)


def pick_delay(delays: Sequence[_Seconds], failures: int) -> _Seconds:
    """The delay after so many earlier failures, 0 for the first one; the last delay repeats."""
    return delays[min(failures, len(delays) - 1)]
