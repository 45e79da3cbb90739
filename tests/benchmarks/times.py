"""Reading a time in a message of 200 characters."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from pendopo.when import parse

from tests.benchmarks.figure import Figure

NOW = datetime(2026, 8, 12, 10, 20, tzinfo=ZoneInfo("Asia/Jakarta"))
TIMES = ("besok jam 9", "Senin depan pukul 13.30 s.d. 15.00", "tgl 14 s.d. 16 Agustus", "setiap tanggal 25 jam 8", "2 jam lagi")
FILL = (
    "mohon izin pak, dinas pekerjaan umum menyampaikan undangan rakor penanganan banjir gedebage",
    "bertempat di ruang rapat tengah balai kota, peserta 30 orang dari 3 kecamatan, mohon hadir tepat waktu ya",
)


def figures(quick: bool) -> list[Figure]:
    """The time that 99 of 100 messages take at most, in milliseconds."""
    texts = [f"{FILL[0]} {said} {FILL[1]}"[:200] for said in TIMES]
    took = []
    for turn in range(500 if quick else 5000):
        begun = time.perf_counter()
        parse(texts[turn % len(texts)], NOW)
        took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return [
        Figure("reading a time in 200 characters, p50", took[len(took) // 2], "ms"),
        Figure("reading a time in 200 characters, p99", took[len(took) * 99 // 100], "ms", 1.0),
    ]
