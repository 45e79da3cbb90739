"""Pictures that were chosen together are one album, and no two captions ever meet in one."""

from pendopo.model import Message

from .conftest import Lab
from .people import BUDI, GROUP, Person


async def test_files_within_moments_of_each_other_are_one_album(lab: Lab) -> None:
    values = [lab.people.shows(BUDI, b"1", "/lapor"), lab.people.shows(BUDI, b"2"), lab.people.shows(BUDI, b"3")]
    first, *rest = lab.take(*values)
    assert first.album == first.key
    assert [each.album for each in rest] == [first.key] * 2
    for each in rest:
        [event] = lab.adapter.convert(each)
        assert isinstance(event, Message)
        assert event.album == first.key


async def test_the_same_file_again_is_in_the_same_album(lab: Lab) -> None:
    values = [lab.people.shows(BUDI, b"1"), lab.people.shows(BUDI, b"2")]
    assert lab.take(*values) == lab.take(*values)


async def test_two_captions_two_people_and_two_chats_are_two_albums(lab: Lab) -> None:
    values = [
        lab.people.shows(BUDI, b"1", "/lapor a"),
        lab.people.shows(BUDI, b"2", "/lapor b"),
        lab.people.shows(Person("6281200000009"), b"3"),
        lab.people.shows(BUDI, b"4", group_id=GROUP),
    ]
    assert len({each.album for each in lab.take(*values)}) == 4


async def test_a_later_file_is_alone_and_a_text_is_in_none(lab: Lab) -> None:
    [first] = lab.take(lab.people.shows(BUDI, b"1"))
    lab.clock.move_to(lab.clock.now().replace(second=30))
    later, text = lab.take(lab.people.shows(BUDI, b"2"), lab.people.says(BUDI, "x"))
    assert later.album != first.album
    assert text.album == ""
