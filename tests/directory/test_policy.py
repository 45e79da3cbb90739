"""One answer for everybody who asks who may do what, with its rule and its reason."""

from datetime import UTC, datetime

import pytest
from pendopo.directory import People, decide
from pendopo.model import Holding, Person, Post

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
