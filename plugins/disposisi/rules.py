"""What an installation decides about disposisi (`[plugin.disposisi]`)."""

from datetime import time

from bot import Options


class Aturan(Options):
    """Office hours, and after how many of them somebody who has not confirmed the receipt is reminded."""

    buka: time = time(7, 30)
    tutup: time = time(16, 0)
    pengingat_jam: int = 4


__all__ = ["Aturan"]
