"""A mandate lends a post for a time: what it covers may be decided, in whose capacity, and nothing beside it."""

from datetime import UTC, datetime, timedelta

import pytest
from pendopo.directory import Decision, People, Resource, decide
from pendopo.model import Holding, Mandate, MandateKind, Person, Post, Unit

AT = datetime(2026, 8, 12, 3, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)
DAY = 86_400_000
RINA, SITI, BAMBANG, DEWI, AGUS = (Person(n, name) for n, name in enumerate(("Rina", "Siti", "Bambang", "Dewi", "Agus"), 1))
POSTS = {
    "walikota": Post("walikota", "Wali Kota", "kota", "", frozenset({"walikota"})),
    "sekda": Post("sekda", "Sekda", "kota", "walikota", frozenset({"sekda"})),
    "kadis": Post("kadis", "Kadis PU", "pu", "sekda", frozenset({"kepala_opd"})),
    "admin": Post("admin", "Admin PU", "pu", "kadis", frozenset({"admin_opd"})),
}
UNITS = {"kota": Unit("kota", "Kota"), "pu": Unit("pu", "Dinas PU", "kota"), "hub": Unit("hub", "Dishub", "kota")}
HELD = [Holding(5, "walikota"), Holding(3, "sekda"), Holding(1, "kadis"), Holding(4, "admin")]
LETTER = Resource("izin", 27, owner=RINA.id)


def make_people(*mandates: Mandate, held: list[Holding] = HELD) -> People:
    persons = {person.id: person for person in (RINA, SITI, BAMBANG, DEWI, AGUS)}
    return People(persons, {}, POSTS, UNITS, held, mandates=mandates, taken_at=AT)


def lend_post(person: Person, kind: str = "plh", may: tuple[str, ...] = (), days: int = 3) -> Mandate:
    return Mandate(person.id, "sekda", MS - DAY, MS + days * DAY, MandateKind(kind), "SP/1", may, 1)


def decide_on(
    people: People, person: Person, policy: str = "superior", action: str = "izin.setujui", thing: Resource = LETTER
) -> Decision:
    answer = decide(people, policy, person, AT, action, thing)
    assert answer is not None
    return answer


def test_the_superior_decides_as_themselves_and_nobody_else_does() -> None:
    people = make_people()
    assert decide_on(people, BAMBANG) == Decision(True, "superior", None, "Sekda")
    for other in (RINA, SITI, DEWI, AGUS):
        answer = decide_on(people, other)
        assert not answer.allowed
        assert answer.reason is not None
        assert answer.reason.key == "gerbang.bukan_atasan"


def test_a_plh_is_asked_first_and_decides_in_that_capacity_and_the_holder_still_may() -> None:
    people = make_people(lend_post(SITI))
    assert people.superior_of(RINA, AT) == SITI
    assert decide_on(people, SITI).capacity == "Plh. Sekda"
    assert decide_on(people, BAMBANG).capacity == "Sekda"


def test_when_its_time_is_over_it_is_worth_nothing() -> None:
    later = AT + timedelta(days=3)
    people = make_people(lend_post(SITI))
    assert people.superior_of(RINA, later) == BAMBANG
    answer = decide(people, "superior", SITI, later, "izin.setujui", LETTER)
    assert answer is not None
    assert not answer.allowed


@pytest.mark.parametrize(
    ("may", "action", "routine", "allowed"),
    [
        ((), "izin.setujui", True, True),
        ((), "izin.setujui", False, False),
        (("izin",), "izin.setujui", True, True),
        (("izin",), "izin.setujui", False, True),
        (("izin.setujui",), "izin.tolak", True, False),
        (("surat",), "izin.setujui", True, False),
        (("izi",), "izin.setujui", True, False),
    ],
)
def test_it_covers_what_is_routine_or_what_it_names(may: tuple[str, ...], action: str, routine: bool, allowed: bool) -> None:
    thing = Resource("izin", 27, owner=RINA.id, routine=routine)
    people = make_people(lend_post(SITI, may=may))
    assert decide_on(people, SITI, action=action, thing=thing).allowed is allowed
    assert people.superior_of(RINA, AT, action, routine) == (SITI if allowed else BAMBANG)


def test_an_ajudan_decides_nothing_but_what_the_mandate_names() -> None:
    assert not decide_on(make_people(lend_post(SITI, "ajudan")), SITI).allowed
    assert decide_on(make_people(lend_post(SITI, "ajudan", ("izin.setujui",))), SITI).capacity == "Ajudan. Sekda"
    assert make_people(lend_post(SITI, "ajudan", ("izin.setujui",))).superior_of(RINA, AT, "izin.setujui") == BAMBANG


def test_a_plt_fills_a_vacant_post() -> None:
    vacant = [holding for holding in HELD if holding.post != "sekda"]
    assert make_people(held=vacant).superior_of(RINA, AT) == AGUS
    people = make_people(lend_post(SITI, "plt"), held=vacant)
    assert people.superior_of(RINA, AT) == SITI
    assert decide_on(people, SITI).capacity == "Plt. Sekda"


def test_who_stands_in_for_their_own_superior_does_not_decide_on_themselves() -> None:
    people = make_people(lend_post(RINA))
    assert people.superior_of(RINA, AT) == AGUS, "the Sekda is away, and the stand-in is who asks"
    assert not decide_on(people, RINA).allowed
    assert decide_on(people, AGUS).allowed


def test_roles_are_lent_with_the_post() -> None:
    people = make_people(lend_post(SITI))
    assert decide_on(people, SITI, "role:sekda").capacity == "Plh. Sekda"
    assert not decide_on(people, SITI, "role:walikota").allowed
    assert people.roles_of(SITI, AT) == frozenset()


def test_a_role_in_a_unit_reaches_its_parts_and_nothing_beside_it() -> None:
    people = make_people()
    assert decide_on(people, DEWI, "unit:admin_opd", thing=Resource(unit="pu")).allowed
    assert not decide_on(people, DEWI, "unit:admin_opd", thing=Resource(unit="hub")).allowed
    assert not decide_on(people, DEWI, "unit:admin_opd", thing=Resource(unit="kota")).allowed
    assert decide_on(people, BAMBANG, "unit:sekda", thing=Resource(unit="pu")).allowed


def test_an_owner_is_who_a_thing_belongs_to_and_a_member_who_takes_part() -> None:
    from pendopo.model import Forum

    people = People({1: RINA, 3: BAMBANG}, {}, POSTS, UNITS, HELD, [Forum("Pimpinan", (), ("sekda",))], taken_at=AT)
    assert decide_on(people, RINA, "owner").allowed
    assert not decide_on(people, BAMBANG, "owner").allowed
    assert decide_on(people, BAMBANG, "member", thing=Resource(forum="Pimpinan")).allowed
    assert not decide_on(people, RINA, "member", thing=Resource(forum="Pimpinan")).allowed
    assert not decide_on(people, RINA, "member", thing=Resource(forum="Lain")).allowed
