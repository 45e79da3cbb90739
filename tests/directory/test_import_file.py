"""Taking a directory file: the same again changes nothing, people stay themselves, and who leaves loses every access."""

from datetime import timedelta

import pytest
from pendopo.errors import DirectoryError

from .conftest import NOW, Office


async def test_the_same_file_again_changes_nothing(office: Office) -> None:
    assert await office.take("Rina | 1 | kadis | telegram:1")
    before = office.directory.people
    assert not await office.take("Rina | 1 | kadis | telegram:1", days=3)
    assert office.directory.people is before


async def test_who_leaves_the_file_loses_every_access(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1\nAgus | 2 | camat | telegram:2")
    await office.take("Agus | 2 | camat | telegram:2", days=1)
    assert office.who("telegram:1") is None
    assert office.directory.people.holders_of("kadis", NOW + timedelta(days=2)) == []


async def test_who_has_left_is_called_a_dash(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1\nAgus | 2 | camat | telegram:2")
    agus = office.who("telegram:2")
    assert agus is not None
    assert office.directory.people.get_name(agus.id) == agus.called
    await office.take("Rina | 1 | kadis | telegram:1", days=1)
    assert office.directory.people.get_name(agus.id) == "–"


async def test_who_comes_back_is_the_same_person(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1")
    first = office.who("telegram:1")
    await office.take("Agus | 2 | camat | telegram:2", days=1)
    await office.take("Rina | 1 | camat | telegram:9", days=2)
    again = office.who("telegram:9")
    assert first is not None
    assert again is not None
    assert again.id == first.id


async def test_people_stay_themselves_by_their_nip_whatever_they_are_called(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1")
    first = office.who("telegram:1")
    await office.take("Rina Hidayat, S.T. | 1 | kadis | telegram:1", days=1)
    renamed = office.who("telegram:1")
    assert first is not None
    assert renamed is not None
    assert (renamed.id, renamed.name) == (first.id, "Rina Hidayat, S.T.")


async def test_a_nip_that_is_added_later_does_not_make_another_person(office: Office) -> None:
    await office.take("Rina | | kadis | telegram:1")
    first = office.who("telegram:1")
    await office.take("Rina | 1 | kadis | telegram:1", days=1)
    second = office.who("telegram:1")
    assert first is not None
    assert second is not None
    assert first.id == second.id


async def test_a_namesake_without_a_nip_is_not_the_one_who_left(office: Office) -> None:
    await office.take("Siti | 1 | kadis | telegram:1")
    first = office.who("telegram:1")
    await office.take("Siti | | camat | telegram:2", days=1)
    namesake = office.who("telegram:2")
    assert first is not None
    assert namesake is not None
    assert first.id != namesake.id


async def test_a_file_with_a_fault_changes_nothing(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1")
    with pytest.raises(DirectoryError):
        await office.take("Agus | 2 | tidakada | telegram:2")
    assert office.who("telegram:1") is not None
    assert office.who("telegram:2") is None
