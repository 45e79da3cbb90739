"""What people are called, and by which of their names they are known."""

from pendopo.model import Account, Person


def test_people_are_called_by_their_post_and_else_by_name() -> None:
    assert (Person(1, "Rina", "Kadis PU").called, Person(1, "Rina").called) == ("Kadis PU", "Rina")


def test_the_surest_alias_comes_first() -> None:
    assert Account(("telegram:1", "lid:2")).id == "telegram:1"
