"""Office hours, as plugins let their operators decide them."""

from datetime import time

from pendopo.config import Options


class BusinessHoursOptions(Options):
    """The options of a plugin whose clocks run while offices are open: from `buka` to `tutup`."""

    buka: time = time(7, 30)
    tutup: time = time(16, 0)


__all__ = ["BusinessHoursOptions"]
