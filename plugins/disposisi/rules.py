"""What an installation decides about disposisi (`[plugin.disposisi]`)."""

from bot import OfficeHours


class Aturan(OfficeHours):
    """Office hours, and after how many of them somebody who has not confirmed the receipt is reminded."""

    pengingat_jam: int = 4


__all__ = ["Aturan"]
