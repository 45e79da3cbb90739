"""One answer for everybody who asks who may do what, with its rule and its reason."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pendopo.directory import Directory, People, Resource, decide
from pendopo.directory.changes import Changes
from pendopo.errors import StaleError, UserError
from pendopo.model import Holding, Person, Post
from pendopo.model.ids import to_ms
from pendopo.store import Connection, Database, open_database
from pendopo.store.queries import accounts
from pendopo.testing import FakeClock
from pendopo.testing.schema_cache import make_new

from tests.oddities import times

AT = datetime(2026, 8, 12, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)
RINA, AGUS = Person(1, "Rina"), Person(2, "Agus")
PEOPLE = People(
    persons={1: RINA, 2: AGUS},
    posts={
        "sekda": Post("sekda", "Sekda", roles=frozenset({"sekda"})),
        "kadis": Post("kadis", "Kadis PU", roles=frozenset({"kepala_opd"})),
    },
    holdings=[Holding(1, "sekda", MS - 10, MS + 10), Holding(2, "sekda", 0, MS), Holding(2, "kadis", MS + 1)],
)


@pytest.mark.parametrize(
    ("policy", "person", "allowed", "reason"),
    [
        ("anyone", None, True, None),
        ("anyone", RINA, True, None),
        ("known", RINA, True, None),
        ("known", None, False, "gerbang.tidak_dikenal"),
        ("role:sekda", RINA, True, None),
        ("role:kepala_opd,sekda", RINA, True, None),
        ("role:sekda", AGUS, False, "gerbang.bukan_jabatan"),
        ("role:kepala_opd", AGUS, False, "gerbang.bukan_jabatan"),
        ("role:sekda", None, False, "gerbang.tidak_dikenal"),
        ("role:tidak_ada", RINA, False, "gerbang.bukan_jabatan"),
        ("system", RINA, False, "gerbang.bukan_untuk_orang"),
        ("pemilik", None, False, "gerbang.tidak_dikenal"),
    ],
)
def test_a_policy_decides_with_a_reason(policy: str, person: Person | None, allowed: bool, reason: str | None) -> None:
    decision = decide(PEOPLE, policy, person, AT)
    assert decision is not None
    assert decision.allowed is allowed
    assert (decision.reason.key if decision.reason else None) == reason


def test_a_rule_of_a_plugin_is_not_decided_here() -> None:
    assert decide(PEOPLE, "pemilik", RINA, AT) is None


def test_a_refusal_names_the_posts_that_may_and_no_person() -> None:
    decision = decide(PEOPLE, "role:sekda,kepala_opd", AGUS, AT)
    assert decision is not None
    assert decision.reason is not None
    assert decision.reason.args == {"jabatan": "Sekda, Kadis PU"}


def test_a_right_begins_and_ends_with_the_holding_of_the_post() -> None:
    before, after = (datetime.fromtimestamp((MS + d) / 1000, UTC) for d in (-11, 10))
    for at in (before, after):
        decision = decide(PEOPLE, "role:sekda", RINA, at)
        assert decision is not None
        assert not decision.allowed


# -- Whatever is linked, lent, ended or left, in whatever order: nobody decides what neither post nor mandate gives them.

FILE = (
    """
[[unit]]
code = "pu"
name = "PU"
"""
    + "\n".join(
        f'[[post]]\ncode = "{code}"\ntitle = "{code}"\nunit = "pu"\nsuperior = "{above}"\nroles = ["{code}"]\n'
        for code, above in (("wali", ""), ("sekda", "wali"), ("kadis", "sekda"), ("staf", "kadis"))
    )
    + "\n".join(
        f'[[person]]\nname = "P{n}"\nposts = {[post] if post else []}\naccounts = ["telegram:{n}"]\n'
        for n, post in enumerate(("wali", "sekda", "kadis", "staf", ""), 1)
    )
)
ACTIONS = ("izin.setujui", "rapat.putus")
people_ = st.integers(1, 5)
posts_ = st.sampled_from(("wali", "sekda", "kadis", "staf"))
days_ = st.integers(1, 5)
kinds_ = st.sampled_from(("plh", "plt", "ajudan"))
mays_ = st.sampled_from(((), ("izin",), ("rapat.putus",)))


class Rights(RuleBasedStateMachine):
    """The directory beside plain lists of who holds what, who was lent what, and which account is whose."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory(prefix="pendopo-rights-")
        self.clock = FakeClock()
        self.database = self.loop.run_until_complete(self._open())
        self.directory = Directory(self.database)
        path = Path(self.folder.name) / "d.toml"
        path.write_text(FILE)
        self.loop.run_until_complete(self.directory.import_file(path, self.clock.now()))
        self.held = dict.fromkeys(enumerate(("wali", "sekda", "kadis", "staf"), 1), (0, 0))
        self.lent: list[tuple[int, str, str, int, int, tuple[str, ...]]] = []
        self.gone: set[int] = set()
        self.accounts = {f"telegram:{n}": n for n in range(1, 6)}
        self.spare = 100

    async def _open(self) -> Database:
        database = open_database("sqlite://")
        await database.write(lambda c: make_new(c, []))
        return database

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.database.close())
            self.loop.close()
            self.folder.cleanup()

    @property
    def now(self) -> int:
        return to_ms(self.clock.now())

    def change(self, make: Callable[[Changes], object]) -> bool:
        """Let an administrator make a change; False when it is refused."""
        jobs: list[Callable[[Connection], object]] = []
        changes = Changes(self.directory.people, self.clock.now(), jobs, lambda *args, **more: None)
        try:
            make(changes)
        except UserError:
            return False
        self.loop.run_until_complete(self.database.write(lambda c: [job(c) for job in jobs]))
        self.loop.run_until_complete(self.directory.refresh(self.clock.now()))
        return True

    def person(self, n: int) -> Person | None:
        return self.directory.people.find_person(n)

    @rule(n=people_, post=posts_)
    def appoint(self, n: int, post: str) -> None:
        person = self.person(n)
        if person and self.change(lambda c: c.appoint(person, self.directory.people.posts[post])):
            self.held[n, post] = (self.now, 0)

    @rule(n=people_, post=posts_)
    def dismiss(self, n: int, post: str) -> None:
        person = self.person(n)
        if person and self.change(lambda c: c.dismiss(person, self.directory.people.posts[post])):
            self.held[n, post] = (self.held[n, post][0], self.now)

    @rule(n=people_, post=posts_, kind=kinds_, first=st.integers(0, 2), days=days_, may=mays_)
    def lend(self, n: int, post: str, kind: str, first: int, days: int, may: tuple[str, ...]) -> None:
        person = self.person(n)
        since = self.clock.now() + timedelta(days=first)
        until = since + timedelta(days=days)
        post_ = self.directory.people.posts[post]
        if person and self.change(lambda c: c.give_mandate(kind, post_, person, since, until, "SP/1", may)):
            self.lent.append((n, post, kind, to_ms(since), to_ms(until), may))

    @rule(n=people_, post=posts_, kind=kinds_, may=mays_)
    def lend_now(self, n: int, post: str, kind: str, may: tuple[str, ...]) -> None:
        self.lend(n, post, kind, 0, 3, may)

    @precondition(lambda self: self.lent)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.lent) - 1))
        mandate = self.directory.people.mandates[number]
        if self.change(lambda c: c.end_mandate(mandate)):
            n, post, kind, since, _, may = self.lent[number]
            self.lent[number] = (n, post, kind, since, self.now, may)

    @rule(n=people_)
    def leave(self, n: int) -> None:
        person = self.person(n)
        if person and self.change(lambda c: c.remove_person(person)):
            self.gone.add(n)

    @rule(n=people_, wrong=st.booleans())
    def link(self, n: int, wrong: bool) -> None:
        person = self.person(n)
        if person is None:
            return
        code: list[str] = []
        self.change(lambda c: code.append(c.issue_link_code(person)))
        self.spare += 1
        alias = f"telegram:{self.spare}"
        try:
            given = "AAAAAAAA" if wrong else code[0]
            self.loop.run_until_complete(self.database.write(lambda c: accounts.use_link_code(c, given, [alias], self.now)))
        except StaleError:
            assert wrong
            return
        assert not wrong
        self.accounts[alias] = n
        self.loop.run_until_complete(self.directory.refresh(self.clock.now()))

    @rule(n=people_)
    def unlink(self, n: int) -> None:
        person = self.person(n)
        if person and self.change(lambda c: c.unlink_accounts(person, "telegram")):
            self.accounts = {alias: owner for alias, owner in self.accounts.items() if owner != n}

    @rule(days=days_)
    def time_passes(self, days: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(days=days))
        self.loop.run_until_complete(self.directory.refresh(self.clock.now()))

    def _acts_in(self, n: int, action: str) -> set[str]:
        """The posts somebody may act in for an action, by the plain lists alone."""
        now = self.now

        def runs(since: int, until: int) -> bool:
            return since <= now and (not until or now < until)

        own = {post for (who, post), (since, until) in self.held.items() if who == n and runs(since, until)}
        lent = {
            post
            for who, post, kind, since, until, may in self.lent
            if who == n and runs(since, until)
            if (any(action.startswith(name) for name in may) if may else kind != "ajudan")
        }
        return set() if n in self.gone else own | lent

    @invariant()
    def nobody_decides_what_is_not_theirs(self) -> None:
        if not hasattr(self, "directory"):
            return
        people, at = self.directory.people, self.clock.now()
        for alias, n in [*self.accounts.items(), ("telegram:999", 0)]:
            person = people.by_alias((alias,))
            assert person is None or person.id == n, "an account is whose it was linked to"
            assert person is None or n not in self.gone, "who has left is nobody"
            for action in ACTIONS:
                acts = self._acts_in(n, action)
                for role in ("wali", "sekda", "kadis", "staf"):
                    answer = decide(people, f"role:{role}", person, at, action)
                    assert answer is not None
                    assert answer.allowed == (person is not None and role in acts)
                for owner in range(1, 6):
                    answer = decide(people, "superior", person, at, action, Resource(owner=owner))
                    assert answer is not None
                    assert not answer.allowed or (n != owner and acts), "nobody decides on themselves, or without a post"


TestRights = Rights.TestCase
TestRights.settings = settings(
    max_examples=times(100), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
