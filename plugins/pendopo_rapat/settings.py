"""What an installation decides about meetings (`[plugin.rapat]`)."""

from datetime import time

from pendopo import Options


class RapatOptions(Options):
    """`[plugin.rapat]`.

    `lama_jam`: how long a meeting lasts of which only the begin was said. `terlambat_menit`: from when on somebody is late.
    `pengingat_menit`: how long before it begins everybody is reminded. `ulang_jam`: after so many hours without an answer
    the invitation is repeated on another messenger. `kuorum_persen`: more than so many of a hundred of those invited.
    `putus_tanpa_kuorum`: whether decisions count without a quorum. `kop`: the head of the minutes. `jam_ingat`: when
    follow-ups are reminded of. `tutup`: the hour of a deadline that is a day.
    """

    lama_jam: float = 2
    terlambat_menit: int = 15
    pengingat_menit: int = 30
    ulang_jam: float = 4
    kuorum_persen: int = 50
    putus_tanpa_kuorum: bool = False
    catat: bool = True
    kop: list[str] = []
    jam_ingat: time = time(8, 0)
    tutup: time = time(16, 0)
