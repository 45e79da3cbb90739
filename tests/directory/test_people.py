"""Who stands below whom: by posts of their own and by lent ones, near or far."""

from datetime import UTC, datetime, timedelta

from pendopo.directory import People
from pendopo.model import Holding, Mandate, Person, Post

NOW = datetime(2026, 8, 12, tzinfo=UTC)
MS = int(NOW.timestamp() * 1000)
PERSONS = {number: Person(number, name) for number, name in enumerate(("Dewi", "Bambang", "Rina", "Hendra", "Yuyun"), 1)}
POSTS = {
    post.code: post
    for post in (
        Post("walikota", "Wali Kota"),
        Post("sekda", "Sekda", superior="walikota"),
        Post("kadis", "Kadis", superior="sekda"),
        Post("camat", "Camat", superior="sekda"),
        Post("lurah", "Lurah", superior="camat"),
    )
}
HELD = tuple(Holding(number, code) for number, code in enumerate(POSTS, 1))


def below(person: int, *mandates: Mandate, held: tuple[Holding, ...] = HELD) -> set[str]:
    people = People(PERSONS, posts=POSTS, holdings=held, mandates=mandates)
    return {each.name for each in people.subordinates_of(PERSONS[person], NOW)}


def test_everybody_below_near_or_far_and_nobody_beside() -> None:
    assert below(1) == {"Bambang", "Rina", "Hendra", "Yuyun"}
    assert below(2) == {"Rina", "Hendra", "Yuyun"}
    assert below(4) == {"Yuyun"}
    assert below(3) == below(5) == set()


def test_a_lent_post_counts_while_it_is_lent_and_nobody_is_below_themselves() -> None:
    day = int(timedelta(days=1).total_seconds() * 1000)
    assert below(3, Mandate(3, "sekda", MS - day, MS + day)) == {"Hendra", "Yuyun"}
    assert below(3, Mandate(3, "sekda", MS - 2 * day, MS - day)) == set()


def test_who_has_left_a_post_is_below_nobody_by_it() -> None:
    ended = tuple(Holding(h.person, h.post, 0, MS) if h.post == "lurah" else h for h in HELD)
    assert below(4, held=ended) == set()
