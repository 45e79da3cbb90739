"""An account is a person only while all its names agree: over each pair of names that a messenger gives."""

import pytest
from pendopo.directory import People
from pendopo.model import Person

RINA, AGUS = Person(1, "Rina"), Person(2, "Agus")
KINDS = [("whatsapp", "bsuid"), ("whatsapp", "lid"), ("lid", "whatsapp"), ("bsuid", "whatsapp")]
CASES = [
    ("same", "same", "rina"),
    ("same", "unknown", "doubt"),
    ("same", "other", "doubt"),
    ("same", "gone", "rina"),
    ("unknown", "same", "doubt"),
    ("unknown", "unknown", "nobody"),
    ("unknown", "other", "doubt"),
    ("unknown", "gone", "nobody"),
    ("other", "same", "doubt"),
    ("other", "unknown", "doubt"),
    ("other", "other", "agus"),
    ("other", "gone", "agus"),
    ("gone", "same", "rina"),
    ("gone", "unknown", "nobody"),
    ("gone", "other", "agus"),
]


def name(kind: str, which: str) -> str:
    return f"{kind}:{ {'same': 'rina', 'other': 'agus', 'unknown': 'new'}[which] }"


@pytest.mark.parametrize("kinds", KINDS)
@pytest.mark.parametrize(("first", "second", "who"), CASES)
def test_who_acts_under_two_names(kinds: tuple[str, str], first: str, second: str, who: str) -> None:
    aliases = {name(kind, which): owner.id for kind in kinds for which, owner in (("same", RINA), ("other", AGUS))}
    people = People({1: RINA, 2: AGUS}, aliases)
    given = [name(kind, which) for kind, which in zip(kinds, (first, second), strict=True) if which != "gone"]
    assert people.by_alias(given) == {"rina": RINA, "agus": AGUS}.get(who)
    assert bool(people.find_contradicted(given)) == (who == "doubt")
    assert (people.to_confirm(given) is not None) == (who == "doubt")


@pytest.mark.parametrize(
    "given",
    [
        ["whatsapp:1", "bsuid:ID.1"],  # the first name of this kind
        ["whatsapp:1", "bsuid:ID.1", "bsuid:ID.ENT.1"],
        ["whatsapp:1", "lid:1"],
    ],
)
def test_a_name_of_a_kind_that_a_person_had_none_of_is_no_contradiction(given: list[str]) -> None:
    people = People({1: RINA}, {"whatsapp:1": 1, "telegram:5": 1})
    assert people.by_alias(given) == RINA
    people = People({1: RINA}, {"whatsapp:1": 1, given[1]: 1})
    assert people.by_alias(given) == RINA  # also when one of several of that kind is known
