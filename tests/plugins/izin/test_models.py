"""The rules that live on an izin."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from pendopo import ApproximateTime, DateRange, Day, Duration, Instant, Person, TimeRange, UserError, When
from pendopo.testing import PROFILES
from pendopo_izin import plugin as izin
from pendopo_izin.models import AWAY, MOVES, NO, YES, Izin, Putusan, Status

from tests.oddities import times
from tests.plugins.machine import Told

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 8, 12, 10, 20, tzinfo=ZONE)
RINA, SEKDA = Person(1, "Rina"), Person(2, "Bambang")


def draft(waktu: When) -> Izin:
    return Izin.draft(RINA, SEKDA, waktu, "rakor", NOW.astimezone(UTC), ZONE)


LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("waktu", "mulai"),
    [
        (Instant(LATER), LATER),
        (TimeRange(LATER, LATER + timedelta(hours=1)), LATER),
        (Day(date(2026, 8, 12)), datetime(2026, 8, 12, tzinfo=ZONE)),
        (DateRange(date(2026, 8, 14), date(2026, 8, 16)), datetime(2026, 8, 14, tzinfo=ZONE)),
    ],
)
def test_it_begins_when_its_time_begins(waktu: When, mulai: datetime) -> None:
    assert draft(waktu).mulai == mulai


@pytest.mark.parametrize("waktu", [Instant(NOW - timedelta(minutes=1)), Day(date(2026, 8, 11))])
def test_a_time_that_is_over_is_refused(waktu: When) -> None:
    with pytest.raises(UserError) as caught:
        draft(waktu)
    assert (caught.value.key, caught.value.param) == ("izin.waktu_lewat", "waktu")


def test_a_length_alone_is_no_time() -> None:
    with pytest.raises(UserError) as caught:
        draft(Duration(timedelta(days=3)))
    assert caught.value.key == "izin.waktu_tanpa_hari"


def test_about_noon_is_a_time() -> None:
    assert draft(ApproximateTime(LATER, LATER + timedelta(hours=2))).mulai is not None


STATES = tuple(MOVES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_it_moves_only_where_the_table_says(state: str, to: str) -> None:
    izin = draft(Instant(LATER))
    izin.status = state
    if to in MOVES[state]:
        assert Izin.states.enter(izin, to) == state
        assert izin.status == to
    else:
        with pytest.raises(UserError) as caught:
            Izin.states.enter(izin, to)
        assert (caught.value.key, izin.status) == ("izin.sudah", state)


def test_what_is_over_stays_over() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == {
        Status.REFUSED,
        Status.EXPIRED,
        Status.DEFERRED,
        Status.RECALLED,
        Status.WITHDRAWN,
        Status.DONE,
        Status.CANCELLED,
    }


def test_nothing_is_approved_that_was_not_put_to_anybody() -> None:
    assert {state for state, moves in MOVES.items() if Status.APPROVED in moves} == {Status.ASKED, Status.QUERIED}


@pytest.mark.parametrize(
    ("waktu", "grown"),
    [
        (TimeRange(LATER + timedelta(minutes=10), LATER + timedelta(hours=1)), False),
        (TimeRange(LATER, LATER + timedelta(hours=3)), True),
        (TimeRange(LATER + timedelta(hours=1), LATER + timedelta(hours=3)), True),
        (Day(date(2026, 8, 12)), True),
    ],
)
def test_a_time_that_reaches_further_has_grown(waktu: When, grown: bool) -> None:
    izin = draft(TimeRange(LATER, LATER + timedelta(hours=2)))
    assert izin.set_time(waktu, NOW.astimezone(UTC), ZONE) is grown


def test_a_decision_is_made_once() -> None:
    putusan = Putusan(izin=1, ronde=1, langkah=0, aturan="superior", diminta=2)
    putusan.settle(YES, SEKDA, "Sekda", NOW)
    with pytest.raises(UserError):
        putusan.settle(NO, SEKDA, "Sekda", NOW)
    assert putusan.hasil == YES


# -- Whatever is asked, decided, changed or let pass, in whatever order: no forbidden state, and nobody is left untold.

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
    model = Izin
    moves = MOVES
    first = Status.DRAFT

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
        away = {f"izin/{row.id}" for row in self.rows() if row.status in AWAY}
        assert {row.key for row in self.run(self.story.stored.list_calendar_entries())} == away

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
            rounds = sum(before in ("draf", "disetujui", "diberitahukan") and after == "diajukan" for before, after in arrows)
            assert put >= rounds, f"izin {number} was put to somebody {rounds} times, and sent {put} times"

    @invariant()
    def a_step_is_decided_once(self) -> None:
        decided = [row for row in self.run(self.story.stored.list_rows(Putusan)) if row.hasil == "setuju"]
        steps = [(row.izin, row.ronde, row.langkah, row.aturan) for row in decided]
        assert len(steps) == len(set(steps))

    def _automatic(self, number: int) -> int:
        lines = self.run(self.story.stored.list_audit_lines())
        mine = [line for line in lines if (line.action, line.object) == ("izin.setujui", f"izin/{number}")]
        return sum("otomatis" in line.body for line in mine)


TestWays = Ways.TestCase
TestWays.settings = settings(
    max_examples=times(20), stateful_step_count=14, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
