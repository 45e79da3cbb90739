"""Taking a directory file: the same again changes nothing, people stay themselves, and who leaves loses every access."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from pendopo.cli.bootstrap.directory_files import export_directory
from pendopo.store.queries import accounts

from .conftest import NOW, Office


async def test_a_person_is_found_by_any_of_their_accounts(office: Office) -> None:
    assert await office.take("Rina | 1 | kadis | telegram:1 whatsapp:62811000")
    assert office.who("telegram:1") == office.who("whatsapp:62811000")
    rina = office.who("telegram:1")
    assert rina is not None
    assert (rina.name, rina.title, rina.called) == ("Rina", "Kadis PU", "Kadis PU")
    assert office.who("telegram:2") is None


async def test_who_changes_post_is_called_by_the_new_one_and_named_by_it(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1\nAgus | 2 | camat | telegram:2")
    await office.take("Rina | 1 | sekda | telegram:1\nAgus | 2 | kadis | telegram:2", days=1)
    people = office.directory.people
    rina, agus = office.who("telegram:1"), office.who("telegram:2")
    assert rina is not None
    assert agus is not None
    assert (rina.called, agus.called) == ("Sekda", "Kadis PU")
    assert people.named_in("tolong Kadis PU")[0] == agus
    later = NOW + timedelta(days=2)
    assert [post.code for post in people.posts_of(rina, later)] == ["sekda"]
    assert people.superior_of(agus, later) == rina


async def test_the_superior_is_found_past_posts_nobody_holds(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1\nBambang | 2 | sekda | telegram:2")
    rina = office.who("telegram:1")
    assert rina is not None
    assert office.directory.people.superior_of(rina, NOW) == office.who("telegram:2")


async def test_nobody_is_their_own_superior(office: Office) -> None:
    await office.take("Rina | 1 | kadis asisten | telegram:1\nBambang | 2 | sekda | telegram:2")
    rina, sekda = office.who("telegram:1"), office.who("telegram:2")
    assert rina is not None
    assert sekda is not None
    assert office.directory.people.superior_of(rina, NOW) == sekda
    assert office.directory.people.superior_of(sekda, NOW) is None


async def test_aliases_of_two_people_are_nobody(office: Office) -> None:
    await office.take("Rina | 1 | kadis | telegram:1\nAgus | 2 | camat | telegram:2")
    people = office.directory.people
    assert people.by_alias(["telegram:1", "telegram:2"]) is None
    assert people.by_alias(["telegram:1", "lid:unknown"]) == office.who("telegram:1")
    assert people.by_alias([]) is None


async def learn(office: Office, alias: str, beside: str) -> None:
    person = office.who(beside)
    assert person is not None
    await office.database.write(lambda c: accounts.learn_account(c, alias, beside, person.id, 1))
    await office.directory.load(NOW)


async def doubt(office: Office, *aliases: str) -> None:
    person = office.who(aliases[0])
    assert person is not None
    await office.database.write(lambda c: accounts.doubt_accounts(c, aliases, person.id, 1))
    await office.directory.load(NOW)


async def test_an_alias_seen_beside_another_is_worth_as_much_as_that_one(office: Office) -> None:
    await office.take("Rina | 1 | kadis | whatsapp:62811000")
    await learn(office, "bsuid:ID.1", "whatsapp:62811000")
    assert office.who("bsuid:ID.1") == office.who("whatsapp:62811000") is not None
    await office.take("Rina | 1 | kadis | telegram:1", days=1)
    assert office.who("bsuid:ID.1") is None
    await office.take("Agus | 2 | camat | whatsapp:62811000\nRina | 1 | kadis | telegram:1", days=2)
    assert office.who("bsuid:ID.1") is None  # the number is somebody else's now, and so may the id be
    await learn(office, "bsuid:ID.1", "whatsapp:62811000")
    assert office.who("bsuid:ID.1") == office.who("whatsapp:62811000") is not None


async def test_what_was_only_seen_takes_nothing_from_whom_it_was_given_to(office: Office) -> None:
    await office.take("Rina | 1 | kadis | whatsapp:62811000\nAgus | 2 | camat | bsuid:ID.2")
    await learn(office, "bsuid:ID.2", "whatsapp:62811000")
    assert office.who("bsuid:ID.2") != office.who("whatsapp:62811000")


async def test_a_changed_number_is_nobodys_until_the_file_says_anew_whose_it_is(office: Office) -> None:
    await office.take("Rina | 1 | kadis | whatsapp:62811000 telegram:1")
    rina = office.who("telegram:1")
    await learn(office, "bsuid:ID.1", "whatsapp:62811000")
    await doubt(office, "whatsapp:62811000", "whatsapp:63811000")
    assert [office.who(alias) for alias in ("whatsapp:62811000", "whatsapp:63811000", "bsuid:ID.1")] == [None] * 3
    assert office.directory.people.by_alias(["telegram:1", "whatsapp:63811000"]) is None
    assert office.directory.people.to_confirm(["whatsapp:63811000"]) == rina
    assert office.who("telegram:1") == rina
    # The old number is still in the file when something else in it is changed: that confirms nothing.
    await office.take("Rina | 1 | camat | whatsapp:62811000 telegram:1", days=1)
    assert office.who("whatsapp:62811000") is None
    await office.take("Rina | 1 | camat | whatsapp:63811000 telegram:1", days=2)
    assert office.who("whatsapp:63811000") == office.who("telegram:1") is not None
    assert office.who("whatsapp:62811000") is None


async def test_an_export_leaves_out_what_is_only_seen_or_to_be_confirmed(office: Office) -> None:
    await office.take("Rina | 1 | kadis | whatsapp:62811000 telegram:1")
    await learn(office, "bsuid:ID.1", "telegram:1")
    await doubt(office, "whatsapp:62811000")
    [rina] = (await export_directory(office.database, ZoneInfo("Asia/Jakarta"))).person
    assert rina.accounts == ["telegram:1"]
