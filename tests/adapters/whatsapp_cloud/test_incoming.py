"""Pictures that were chosen together are one album, and no two captions ever meet in one."""

import json
import random

import pytest
from pendopo.model import DeliveryReport, Message

from .conftest import City, Lab
from .people import BUDI, GROUP, Person, encoded, envelope, headers, merged


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


# -- All of a batch is taken, each thing once, and one bad thing spoils nothing.

RINA = Person("6281200000002", "ID.2", "Rina")


async def test_a_batch_of_four_messages_over_two_entries_is_four_events(lab: Lab) -> None:
    says = lab.people.says
    first, second = merged(says(BUDI, "a"), says(RINA, "b")), merged(says(BUDI, "c"), says(BUDI, "d"))
    events = lab.events(first, second)
    assert [(e.text, e.account.id) for e in events if isinstance(e, Message) and e.account] == [
        ("a", f"whatsapp:{BUDI.phone}"),
        ("b", f"whatsapp:{RINA.phone}"),
        ("c", f"whatsapp:{BUDI.phone}"),
        ("d", f"whatsapp:{BUDI.phone}"),
    ]
    assert [e.account.name for e in events if e.account] == [BUDI.name, RINA.name, BUDI.name, BUDI.name]


async def test_several_changes_of_one_entry_are_all_taken(lab: Lab) -> None:
    body = envelope(lab.people.says(BUDI, "a"))
    body["entry"][0]["changes"].append({"field": "messages", "value": lab.people.says(BUDI, "b")})
    raw = encoded(body)
    assert [incoming.kind for incoming in lab.adapter.receive(raw, headers(raw))] == ["message", "message"]


async def test_messages_and_statuses_of_one_change_are_all_taken(lab: Lab) -> None:
    await lab.say("halo")
    value = lab.people.says(BUDI, "a") | {"statuses": lab.graph.status(lab.last, "read")["statuses"]}
    assert [type(event) for event in lab.events(value)] == [Message, DeliveryReport]


async def test_each_status_of_a_message_is_one_of_its_own(lab: Lab) -> None:
    await lab.say("halo")
    values = [lab.graph.status(lab.last, state) for state in ("sent", "delivered", "read", "sent")]
    keys = [incoming.key for incoming in lab.take(merged(*values))]
    assert len(set(keys)) == 3
    assert keys[0] == keys[3]
    group = [lab.graph.status(lab.last, "read", recipient_participant_user_id=user) for user in ("ID.1", "ID.2")]
    assert len({incoming.key for incoming in lab.take(merged(*group))}) == 2


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "text",
        {"type": "text"},
        {"id": "wamid.\0", "type": "text"},
        {"id": "wamid.x", "timestamp": "soon", "type": "text", "text": {"body": "x"}},
        {"id": "wamid.x", "timestamp": "9" * 30, "type": "text", "text": {"body": "x"}},
        {"id": "wamid.x", "timestamp": "1749416383", "type": "hologram"},
        {"id": "wamid.x", "timestamp": "1749416383", "type": "text", "text": "x"},
        {"id": "wamid.x", "timestamp": "1749416383", "type": "image", "image": {}},
        {"id": "wamid.x", "timestamp": "1749416383", "type": "location", "location": {"latitude": "north"}},
    ],
)
async def test_one_bad_message_is_a_dead_letter_and_spoils_nothing(lab: Lab, bad: object) -> None:
    value = merged(lab.people.says(BUDI, "a"), lab.people.says(BUDI, "b"))
    value["messages"].insert(1, bad)
    taken = lab.take(value)
    assert len(taken) == 3
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        lab.adapter.convert(taken[1])
    texts = [event.text for each in (taken[0], taken[2]) for event in lab.adapter.convert(each) if isinstance(event, Message)]
    assert texts == ["a", "b"]


async def test_half_an_emoji_is_replaced_and_spoils_nothing(lab: Lab) -> None:
    body = json.dumps(envelope(lab.people.says(BUDI, "A"))).replace('"A"', '"\\ud83d A \\u0000"').encode()
    [incoming] = lab.adapter.receive(body, headers(body))
    [event] = lab.adapter.convert(incoming)
    assert isinstance(event, Message)
    assert event.text == "\ufffd A "


async def test_the_same_message_in_different_bytes_has_one_effect(city: City) -> None:
    value = city.people.says(BUDI, "/tidakada 😀")
    other = json.dumps({"entry": envelope(value)["entry"], "object": "x"}, ensure_ascii=False, indent=2).encode()
    assert await city.meta.post(encoded(envelope(value))) == 200
    assert await city.meta.post(other) == 200
    assert await city.meta.post(encoded(envelope(value, value))) == 200
    await city.app.idle()
    assert len(await city.stored.list_inbox()) == 1
    assert len(city.screen(BUDI)) == 1


@pytest.mark.parametrize("seed", range(5))
async def test_duplicated_shuffled_merged_and_split_deliveries_lose_nothing_and_do_nothing_twice(city: City, seed: int) -> None:
    dice = random.Random(seed)
    people = [Person(f"62812000010{n:02}", f"ID.{n}") for n in range(6)]
    values = [city.people.says(person, f"/tidakada{n}") for person in people for n in range(2)]
    todo = values * 2
    dice.shuffle(todo)
    while todo:
        batch = [todo.pop() for _ in range(min(len(todo), dice.randint(1, 4)))]
        merge = dice.random() < 0.5
        assert await city.meta.post(encoded(envelope(merged(*batch)) if merge else envelope(*batch))) == 200
    await city.app.idle()
    assert len(await city.stored.list_inbox(state="done")) == len(values)
    assert [len(city.screen(person)) for person in people] == [2] * 6


async def test_a_poison_message_stops_nothing_else(city: City) -> None:
    value = merged(city.people.says(BUDI, "/tidakada"), city.people.says(BUDI, "x"), city.people.says(BUDI, "/tidakada"))
    value["messages"][1]["type"] = "hologram"
    await city.happens(value)
    assert len(city.screen(BUDI)) == 2
    [dead] = await city.stored.list_inbox(state="dead")
    assert "hologram" in dead.error


async def test_what_concerns_the_account_is_kept_and_makes_no_event(lab: Lab) -> None:
    notice = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}}
    [incoming] = lab.take(notice, field="account_update")
    assert (lab.adapter.convert(incoming), lab.explain_skip(incoming)) == (
        [],
        "account_update of the account, told to the operator",
    )
    [incoming] = lab.take(
        {"messaging_product": "whatsapp", "errors": [{"code": 131000, "title": "Unsupported webhook payload"}]}
    )
    assert "131000 Unsupported webhook payload" in lab.explain_skip(incoming)


async def test_what_we_wrote_ourselves_is_no_command(lab: Lab) -> None:
    echo = lab.people.says(Person("15550783881"), "/izin")
    typed = {"messaging_product": "whatsapp", "message_echoes": [lab.people.says(BUDI, "/izin")["messages"][0]]}
    assert lab.events(echo) == []
    assert lab.events(typed, field="smb_message_echoes") == []


async def test_a_delivery_for_another_number_of_the_app_is_not_ours(lab: Lab) -> None:
    value = lab.people.says(BUDI, "/izin")
    value["metadata"] = {"display_phone_number": "15550000000", "phone_number_id": "999"}
    [incoming] = lab.take(value)
    assert lab.adapter.convert(incoming) == []
    assert lab.explain_skip(incoming) == "for another phone number of this app"
    assert "1 deliveries for another phone_number_id" in lab.adapter.health().note
