"""The state machine of a disposisi, its colours, and how a line is read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from pendopo import Item, Person, UserError, phrase
from pendopo.testing import PROFILES
from pendopo.testing.story import DEMO
from pendopo_disposisi import plugin as disposisi_plugin
from pendopo_disposisi.models import MOVES, Disposisi, Status

from tests.oddities import times
from tests.plugins.machine import Told

NOW = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)
SEKDA, CAMAT = Person(1, "Bambang", "Sekda"), Person(2, "Hendra", "Camat")


def disposisi(status: str = Status.SENT) -> Disposisi:
    made = Disposisi.for_item(Item("izin/27", phrase("x")), SEKDA, CAMAT, "cek pompa", NOW)
    made.id, made.status = 12, status
    return made


@pytest.mark.parametrize("status", MOVES)
@pytest.mark.parametrize("to", MOVES)
def test_a_disposisi_enters_only_states_that_follow_its_own(status: str, to: str) -> None:
    one = disposisi(status)
    if to in MOVES[status]:
        assert one.enter_state(to, NOW) == status
        assert one.status == to
    else:
        with pytest.raises(UserError, match=r"disposisi\.sudah"):
            one.enter_state(to, NOW)
        assert one.status == status


@pytest.mark.parametrize(
    ("status", "left", "colour"),
    [
        (Status.SENT, None, "⚪"),
        (Status.SENT, timedelta(days=3), "🟢"),
        (Status.RECEIVED, timedelta(days=2) - timedelta(seconds=1), "🟡"),
        (Status.RECEIVED, timedelta(seconds=-1), "🔴"),
        (Status.ANSWERED, timedelta(seconds=-1), "☑️"),
        (Status.CLOSED, timedelta(seconds=-1), "✅"),
        (Status.RECALLED, None, "✖️"),
    ],
)
def test_a_colour_tells_how_near_the_deadline_is(status: str, left: timedelta | None, colour: str) -> None:
    one = disposisi(status)
    one.tenggat = NOW + left if left is not None else None
    assert one.get_colour(NOW) == colour


# -- Whatever is handed on, answered, sent or taken back, in whatever order: no forbidden state, and nobody is left untold.

numbers_ = st.integers(1, 3)
strangers_ = st.sampled_from(("", "", "", "kadis", "sekda"))
"""Mostly whoever may; now and then somebody else tries."""
people_ = st.sampled_from(("sekda", "camat", "lurah", "kadis"))
ORDERS = ("Camat Coblong cek pompa besok", "Camat Coblong, Kadis PU siapkan data", "Lurah Dago laporkan 3 jam lagi")


class Line(Told):
    """A line of three, and one beside it."""

    plugins = (disposisi_plugin,)
    model = Disposisi
    moves = MOVES
    first = Status.SENT

    @initialize(profile=st.sampled_from(sorted(PROFILES)), order=st.sampled_from(ORDERS))
    def open(self, profile: str, order: str) -> None:
        self.begin(profile)
        self.says("sekda", f"/disposisi {order}")

    @rule(who=people_, order=st.sampled_from(ORDERS))
    def hands_on(self, who: str, order: str) -> None:
        self.says(who, f"/disposisi {order}")

    @rule(number=numbers_, stranger=strangers_)
    def hands_further(self, number: int, stranger: str) -> None:
        self.says(self.party("kepada", number, stranger), f"/disposisi disposisi {number} Lurah Dago cek di lapangan besok")

    @rule(number=numbers_, stranger=strangers_)
    def receives(self, number: int, stranger: str) -> None:
        self.says(self.party("kepada", number, stranger), f"/disposisi terima {number}")

    @rule(number=numbers_, stranger=strangers_)
    def answers(self, number: int, stranger: str) -> None:
        self.says(self.party("kepada", number, stranger), f"/disposisi jawab {number} sudah dikerjakan")

    @rule(number=numbers_)
    def hands_upwards(self, number: int) -> None:
        self.touch(self.party("dari", number), "Teruskan ke atas", f"disposisi #{number}")

    @rule(number=numbers_, newest=st.booleans())
    def touches_the_receipt(self, number: int, newest: bool) -> None:
        self.touch(self.party("kepada", number), "Diterima", f"Disposisi #{number}", newest=newest)

    @rule(number=numbers_, stranger=strangers_)
    def sends_back(self, number: int, stranger: str) -> None:
        self.says(self.party("dari", number, stranger), f"/disposisi kembalikan {number} fotonya belum ada")

    @rule(number=numbers_, stranger=strangers_)
    def ends(self, number: int, stranger: str) -> None:
        self.says(self.party("dari", number, stranger), f"/disposisi selesai {number}")

    @rule(number=numbers_, stranger=strangers_)
    def takes_back(self, number: int, stranger: str) -> None:
        self.says(self.party("dari", number, stranger), f"/disposisi tarik {number}")

    @rule(number=numbers_)
    def changes_the_deadline(self, number: int) -> None:
        self.says("sekda", f"/disposisi tenggat {number} lusa")

    @rule(hours=st.sampled_from((1, 5, 30)))
    def time_passes(self, hours: int) -> None:
        self.run(self.story.advance(hours=hours))

    @rule()
    def restarts(self) -> None:
        self.run(self.story.restart())

    def party(self, side: str, number: int, stranger: str = "") -> str:
        """Who gave (`dari`) or received (`kepada`) a disposisi, as long as there is one, and nobody else is to try."""
        found = [self.called(getattr(row, side)) for row in self.rows() if row.id == number and not stranger]
        return found[0] if found else stranger or "sekda"

    def called(self, person: int) -> str:
        """What one of the demo's people is called in stories."""
        names = {name: who for who, (name, *_) in DEMO.items()}
        return names[self.story.app.core.people.persons[person].name]

    @invariant()
    def only_allowed_arrows_and_nothing_left_over(self) -> None:
        self.check()

    @invariant()
    def what_came_from_something_taken_back_is_taken_back(self) -> None:
        rows = self.rows()
        recalled = {row.id for row in rows if row.status == Status.RECALLED}
        assert all(row.status in (Status.RECALLED, "selesai") for row in rows if row.induk in recalled)

    @invariant()
    def it_only_ever_goes_down(self) -> None:
        allowed = {("sekda", "camat"), ("sekda", "kadis"), ("sekda", "lurah"), ("camat", "lurah")}
        assert {(self.called(row.dari), self.called(row.kepada)) for row in self.rows()} <= allowed

    @invariant()
    def everybody_concerned_was_told(self) -> None:
        for row in self.rows():
            assert self.sent("disposisi.baru", row.id) >= 1
        for number, arrows in self.arrows().items():
            for to, key in (
                ("dijawab", "disposisi.kabar_jawab"),
                ("selesai", "disposisi.kabar_selesai"),
                ("ditarik", "disposisi.kabar_tarik"),
            ):
                wanted = sum(after == to for _, after in arrows)
                assert self.sent(key, number) >= wanted, f"disposisi {number}: {to}"
            back = sum((before, after) == ("dijawab", "diterima") for before, after in arrows)
            assert self.sent("disposisi.dikembalikan", number) >= back

    @invariant()
    def plans_stand_only_for_what_waits(self) -> None:
        waiting = {f"disposisi:{row.id}" for row in self.rows() if row.status in ("dikirim", "diterima")}
        planned = self.run(self.story.stored.list_reminders(state="waiting"))
        assert {row.key.rpartition(":")[0] for row in planned if row.route.startswith("disposisi.")} <= waiting


TestLine = Line.TestCase
TestLine.settings = settings(
    max_examples=times(15), stateful_step_count=16, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
