"""Whichever of `contacts`, `user_id`, `from` and `wa_id` are missing: nothing is lost, and nothing is granted."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from pendopo.model import MemberChanged, Message

from .conftest import OFFICIALS, City, Lab
from .people import BUDI, Person, merged

FIELDS = ("contacts", "user_id", "from", "wa_id")
SUBSETS = [subset for n in range(len(FIELDS) + 1) for subset in itertools.combinations(FIELDS, n)]


@pytest.mark.parametrize("drop", SUBSETS, ids="+".join)
async def test_a_message_with_missing_fields_is_a_message_of_whoever_is_still_named(lab: Lab, drop: Sequence[str]) -> None:
    [event] = lab.events(lab.people.says(BUDI, "halo", drop=drop))
    assert isinstance(event, Message)
    assert event.text == "halo"
    by_phone = "from" not in drop or not {"contacts", "wa_id"} & set(drop)
    expected = [f"whatsapp:{BUDI.phone}"] * by_phone + [f"bsuid:{BUDI.user}"] * ("user_id" not in drop)
    assert list(event.account.aliases if event.account else ()) == expected
    assert event.chat.id == (expected[0].partition(":")[2] if expected else "unknown")


@pytest.mark.parametrize("drop", SUBSETS, ids="+".join)
async def test_missing_fields_grant_nothing_in_the_company_of_others(lab: Lab, drop: Sequence[str]) -> None:
    """In a batch with an official's message, one that names nobody is not taken for the official's."""
    boss = Person("6281299999999", "ID.99")
    value = merged(lab.people.says(BUDI, "setujui", drop=drop), lab.people.says(boss, "halo"))
    event, of_boss = lab.events(value)
    assert event.account is None or f"whatsapp:{boss.phone}" not in event.account.aliases
    assert event.account is None or f"bsuid:{boss.user}" not in event.account.aliases
    assert of_boss.account
    assert of_boss.account.aliases == (f"whatsapp:{boss.phone}", f"bsuid:{boss.user}")


@pytest.mark.parametrize("drop", SUBSETS, ids="+".join)
async def test_through_the_whole_bot_rights_come_from_a_known_number_only(city: City, drop: Sequence[str]) -> None:
    await city.happens(city.people.says(OFFICIALS["kadis"], "/izin rakor besok jam 9", drop=drop))
    assert [(row.state, row.error) for row in await city.stored.list_inbox()] == [("done", "")]
    known = "from" not in drop or not {"contacts", "wa_id"} & set(drop)
    drafted = [sent for sent in city.screen(OFFICIALS["kadis"]) if "Kirim" in sent.buttons]
    assert len(drafted) == known


async def test_a_contact_that_contradicts_its_message_is_somebody_elses(lab: Lab) -> None:
    value = lab.people.says(BUDI, "halo")
    value["contacts"][0]["user_id"] = "ID.99"
    [event] = lab.events(value)
    assert event.account
    assert (event.account.aliases, event.account.name) == ((f"whatsapp:{BUDI.phone}", f"bsuid:{BUDI.user}"), "")


async def test_all_ids_of_a_person_are_aliases_the_phone_first(lab: Lab) -> None:
    value = lab.people.says(BUDI, "halo", from_parent_user_id="US.ENT.506847293015824")
    value["contacts"][0]["profile"]["username"] = "@budi"
    [event] = lab.events(value)
    assert event.account
    assert event.account.aliases == (f"whatsapp:{BUDI.phone}", f"bsuid:{BUDI.user}", "bsuid:US.ENT.506847293015824")
    assert (event.account.name, event.account.username) == (BUDI.name, "budi")


async def test_an_alias_leads_to_its_private_chat(lab: Lab) -> None:
    for person, chat in ((BUDI, BUDI.phone), (Person("", "ID.1"), "ID.1")):
        [event] = lab.events(lab.people.says(person, "halo"))
        assert event.account
        lent = lab.adapter.private_chat(event.account)
        assert lent
        assert (lent.id, lent.private, lent.key) == (chat, True, event.chat.key)


async def test_members_of_groups_are_numbers_or_texts(lab: Lab) -> None:
    group: dict[str, Any] = {"timestamp": "1750269342", "group_id": "G", "type": "group_participants_add"}
    group["added_participants"] = [
        {"wa_id": 16505551234},
        {"input": "16505551235", "user_id": "US.1"},
        {"user_id": "US.2"},
        {},
        3,
    ]
    events = lab.events({"messaging_product": "whatsapp", "groups": [group]}, field="group_participants_update")
    assert len(events) == 3
    assert [event.member.aliases for event in events if isinstance(event, MemberChanged)] == [
        ("whatsapp:16505551234",),
        ("whatsapp:16505551235", "bsuid:US.1"),
        ("bsuid:US.2",),
    ]
