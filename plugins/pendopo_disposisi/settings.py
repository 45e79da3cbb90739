"""What an installation decides about disposisi (`[plugin.disposisi]`)."""

from pendopo import BusinessHoursOptions


class DisposisiOptions(BusinessHoursOptions):
    """Office hours, and after how many of them somebody who has not confirmed the receipt is reminded."""

    pengingat_jam: int = 4


__all__ = ["DisposisiOptions"]
