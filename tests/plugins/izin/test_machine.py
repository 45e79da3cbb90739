"""Whatever is asked, decided, changed or let pass, in whatever order: no forbidden state, and nobody is left untold."""

import asyncio
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bot.testing import PROFILES
from plugins.izin import plugin as izin
from plugins.izin.models import AWAY, DRAFT, MOVES
from tests.oddities import times
from tests.plugins.machine import Told

PURPOSES = (
    "rakor Bappenas besok jam 9",
    "studi banding luar negeri minggu depan",
    "cuti 3 hari mulai lusa",
    "sakit hari ini",
    "rapat nanti jam 4 sore",
)
TIMES = ("besok jam 9", "besok jam 8-15", "lusa", "3 hari mulai besok")
DECIDERS = ("sekda", "sekda", "sekda", "walikota", "kadishub", "kadis")
WAYS = ("tolak {} karena ada rapat anggaran", "setuju {}", "")
"""By a word, or by asking back first."""
numbers_ = st.sampled_from((1, 1, 1, 2))


class Ways(Told):
    """One who asks, those above, and one who may not decide."""

    plugins = (izin,)
    table = "izin"
    moves = MOVES
    first = DRAFT

    @initialize(profile=st.sampled_from(sorted(PROFILES)), purpose=st.sampled_from(PURPOSES))
    def open(self, profile: str, purpose: str) -> None:
        self.begin(profile)
        self.asks(purpose)

    @rule(purpose=st.sampled_from(PURPOSES))
    def asks(self, purpose: str) -> None:
        self.says("kadis", f"/izin {purpose}")
        self.touch("kadis", "Kirim")

    @rule(who=st.sampled_from(DECIDERS), number=numbers_, how=st.sampled_from(WAYS))
    def decides(self, who: str, number: int, how: str) -> None:
        if how:
            self.says(who, f"/{how.format(number)}")
        elif self.touch(who, "Tanya…", f"Izin #{number}"):
            self.says(who, "siapa yang mendampingi?")

    @rule(number=numbers_)
    def approves_twice_at_once(self, number: int) -> None:
        async def both() -> None:
            sekda = self.story.sekda
            await asyncio.gather(sekda.says(f"/setuju {number}"), sekda.says(f"/setuju {number}"))

        self.run(both())

    @rule(number=numbers_)
    def answers(self, number: int) -> None:
        if self.touch("kadis", "Jawab…", f"izin #{number}"):
            self.says("kadis", "Sekdis")

    @rule(number=numbers_)
    def touches_an_old_button(self, number: int) -> None:
        self.touch("sekda", "Setujui", f"Izin #{number}", newest=False)

    @rule(number=numbers_)
    def takes_back(self, number: int) -> None:
        self.says("kadis", f"/izin batal {number}")

    @rule(number=numbers_, time=st.sampled_from(TIMES))
    def changes(self, number: int, time: str) -> None:
        self.says("kadis", f"/izin ubah {number} waktu {time}")

    @rule(number=numbers_)
    def reports(self, number: int) -> None:
        self.says("kadis", f"/izin hasil {number} disepakati jadwal bersama")

    @rule(hours=st.sampled_from((0.1, 1, 3, 9, 26)))
    def time_passes(self, hours: float) -> None:
        self.run(self.story.advance(seconds=int(timedelta(hours=hours).total_seconds())))

    @rule()
    def restarts(self) -> None:
        self.run(self.story.restart())

    @invariant()
    def only_allowed_arrows_and_nothing_left_over(self) -> None:
        self.check()

    @invariant()
    def calendars_hold_exactly_who_is_away(self) -> None:
        away = {f"izin/{row[0]}" for row in self.read("SELECT id, status FROM izin") if row[1] in AWAY}
        assert {row[0] for row in self.read("SELECT DISTINCT key FROM agenda")} == away

    @invariant()
    def everybody_concerned_was_told(self) -> None:
        for number, arrows in self.arrows().items():
            for to, text in (
                ("disetujui", f"Izin #{number} Anda disetujui"),
                ("ditolak", f"Izin #{number} Anda ditolak"),
                ("kedaluwarsa", f"Izin #{number} Anda kedaluwarsa"),
                ("ditanya", f"bertanya tentang izin #{number}"),
            ):
                wanted = sum(after == to for _, after in arrows) - (self._automatic(number) if to == "disetujui" else 0)
                told = sum(text in shown.text for shown in self.story.kadis.messages)
                assert told >= wanted, f"izin {number}: {to} {wanted} times, told {told} times"
            put = self.sent("izin.untuk_diputus", number) + self.sent("izin.tahu", number)
            rounds = sum(before in ("draf", "disetujui") and after == "diajukan" for before, after in arrows)
            assert put >= rounds, f"izin {number} was put to somebody {rounds} times, and sent {put} times"

    @invariant()
    def a_step_is_decided_once(self) -> None:
        by = "izin, ronde, langkah, aturan"
        twice = self.read(f"SELECT {by} FROM izin_putusan WHERE hasil = 'setuju' GROUP BY {by} HAVING count(*) > 1")  # noqa: S608
        assert twice == []

    def _automatic(self, number: int) -> int:
        sql = "SELECT n.body FROM audit a JOIN audit_note n ON n.id = a.id WHERE a.object = ? AND a.action = 'izin.setujui'"
        return sum("otomatis" in body for (body,) in self.read(sql, [f"izin/{number}"]))


TestWays = Ways.TestCase
TestWays.settings = settings(
    max_examples=times(20), stateful_step_count=14, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
