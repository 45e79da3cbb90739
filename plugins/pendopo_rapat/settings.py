"""Settings of meetings (`[plugin.rapat]`)."""

from datetime import time

from pendopo import Options


class RapatOptions(Options):
    """`[plugin.rapat]`."""

    lama_jam: float = 2
    """Length of a meeting with only a start, in hours."""
    terlambat_menit: int = 15
    """Minutes after the start from which a participant is late."""
    pengingat_menit: int = 30
    """Minutes before the start at which participants are reminded."""
    ulang_jam: float = 4
    """Hours after which an unanswered invitation is repeated on another messenger."""
    kuorum_persen: int = 50
    """The quorum is more than this percentage of those invited."""
    putus_tanpa_kuorum: bool = False
    """Whether decisions count without a quorum."""
    catat: bool = True
    """Whether meetings in a chat record what is said."""
    kop: list[str] = []
    """Letterhead of the minutes; by default the name of the unit."""
    jam_ingat: time = time(8, 0)
    """Time of day at which follow-ups are reminded of."""
    tutup: time = time(16, 0)
    """Time of day of a deadline that is a day."""
