"""What administrators change: a messenger that is cut off."""

from collections.abc import Callable

from pendopo.directory.changes import Changes
from pendopo.store import Connection
from pendopo.store.queries import accounts

from .conftest import NOW, Office


async def test_cutting_off_a_messenger_takes_every_name_it_has_for_the_person(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1")
    rina = office.who("telegram:1")
    assert rina is not None
    await office.database.write(lambda c: accounts.add_link_code(c, "KODE2345", rina.id, 0))
    await office.database.write(lambda c: accounts.use_link_code(c, "KODE2345", ["whatsapp:62", "bsuid:ID.1"], 1))
    people = await office.directory.load(NOW)
    assert people.messengers_of(rina) == ["telegram", "whatsapp"]
    later: list[Callable[[Connection], None]] = []
    assert Changes(people, NOW, later, lambda *given, **more: None).unlink_accounts(rina, "whatsapp") == 2
    await office.database.write(lambda c: [job(c) for job in later])
    people = await office.directory.load(NOW)
    assert people.messengers_of(rina) == ["telegram"]
    assert office.who("bsuid:ID.1") is None
