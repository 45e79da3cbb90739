"""From events of the gateway to ours."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pendopo.adapters.waha import Waha
from pendopo.model import Account, ChatKind, DeliveryReport, MemberChanged, Mention, Message, MessageEdited, Reaction

from .events import GROUP, LID, RINA, convert_event, convert_message, make_payload, take_delivery
from .fake.server import ME, MY_LID, SESSION


async def test_a_message_of_a_group_is_of_its_participant(adapter: Waha) -> None:
    event = await convert_message(adapter, timestamp=1_768_580_591, _data={"Info": {"PushName": "Rina"}})
    assert (event.chat.key, event.chat.kind) == (f"waha:{GROUP}", ChatKind.GROUP)
    assert event.account == Account(("whatsapp:6281200000001",), "Rina")
    assert event.at == datetime(2026, 1, 16, 16, 23, 11, tzinfo=UTC)


async def test_a_message_without_its_time_has_that_of_the_event(adapter: Waha) -> None:
    assert (await convert_message(adapter)).at == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize("missing", ["participant", "fromMe", "source", "to", "_data", "ack", "vCards", "media", "replyTo"])
async def test_what_is_missing_loses_nothing(adapter: Waha, missing: str) -> None:
    whole = make_payload(source="app", to=None, _data={}, ack=1, vCards=[], media=None, replyTo=None)
    del whole[missing]
    (event,) = convert_event(adapter, "message", whole)
    assert isinstance(event, Message)
    assert event.text == "halo"
    assert event.account == Account(("whatsapp:6281200000001",))  # the id names the participant too


async def test_who_cannot_be_told_in_a_group_is_nobody(adapter: Waha) -> None:
    (event,) = convert_event(adapter, "message", make_payload(participant=None, id=f"false_{GROUP}_AAA"))
    assert event.account is None


@pytest.mark.parametrize("written", ["6281200000001@s.whatsapp.net", "6281200000001:12@c.us", RINA])
async def test_all_spellings_of_a_phone_are_one_person(adapter: Waha, written: str) -> None:
    event = await convert_message(adapter, participant=written)
    assert event.account
    assert event.account.aliases == ("whatsapp:6281200000001",)


@pytest.mark.parametrize(
    "data",
    [
        {"isForwarded": True},
        {"forwardingScore": 3},
        {"message": {"extendedTextMessage": {"contextInfo": {"isForwarded": True}}}},
        {"Message": {"imageMessage": {"contextInfo": {"forwardingScore": 1}}}},
    ],
)
async def test_words_passed_on_are_somebody_elses(adapter: Waha, data: dict[str, Any]) -> None:
    assert (await convert_message(adapter, _data=data)).forwarded
    assert not (await convert_message(adapter, _data={"isForwarded": False, "forwardingScore": 0})).forwarded


@pytest.mark.parametrize(
    "data",
    [
        {"key": {"isViewOnce": True}},
        {"isViewOnce": True},
        {"Info": {"IsViewOnce": True}},
        {"message": {"viewOnceMessageV2": {"message": {}}}},
        {"Message": {"viewOnceMessage": {}}},
    ],
)
async def test_what_may_be_looked_at_once_is_missing(adapter: Waha, data: dict[str, Any]) -> None:
    message = await convert_message(adapter, body=None, hasMedia=False, _data=data)
    assert (message.missing, message.text) == (True, "")


@pytest.mark.parametrize("spelt", ["mentionedJID", "mentionedJid"])
async def test_mentions_stand_only_in_the_raw_data(adapter: Waha, spelt: str) -> None:
    context = {"extendedTextMessage": {"contextInfo": {spelt: [MY_LID, "6281200000002@s.whatsapp.net"]}}}
    event = await convert_message(adapter, _data={"Message": context})
    assert event.addressed
    assert Mention("@6281200000002", "whatsapp:6281200000002") in event.mentions


async def test_a_quote_of_ours_is_named_as_we_know_it_and_others_as_theirs(adapter: Waha) -> None:
    for id_ in (f"true_{GROUP}_BBB_{MY_LID}", f"true_{GROUP}_BBB", "BBB"):
        assert (await convert_message(adapter, replyTo={"id": id_, "participant": MY_LID})).reply_to == "BBB"
    assert (await convert_message(adapter, replyTo={"id": "CCC", "participant": RINA})).reply_to == f"false_{GROUP}_CCC_{RINA}"
    assert (await convert_message(adapter, replyTo={"id": "DDD"})).reply_to == "DDD"


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ({"mimetype": "image/jpeg"}, "photo"),
        ({"mimetype": "image/webp"}, "sticker"),
        ({"mimetype": "audio/ogg; codecs=opus"}, "audio"),
        ({"mimetype": "video/mp4"}, "video"),
        ({"mimetype": "application/pdf", "filename": "surat.pdf"}, "document"),
        (None, "document"),
    ],
)
async def test_files_are_named_by_what_they_are(adapter: Waha, media: Any, kind: str) -> None:
    assert [file.kind for file in (await convert_message(adapter, hasMedia=True, media=media)).attachments] == [kind]


@pytest.mark.parametrize(
    "data",
    [
        *({"message": {name: {}}} for name in ("pollCreationMessageV3", "eventMessage", "orderMessage", "groupInviteMessage")),
        {"Message": {"HologramMessage": {}, "MessageContextInfo": {}}},
        {"message": {"messageContextInfo": {}, "ptvMessage": {}}},
        *({"type": kind} for kind in ("poll_creation", "event_creation", "hologram")),
    ],
)
async def test_what_is_not_read_here_is_missing(adapter: Waha, data: dict[str, Any]) -> None:
    message = await convert_message(adapter, body="", hasMedia=False, _data=data)
    assert (message.missing, message.text) == (True, "")
    assert not (await convert_message(adapter, body="halo", _data=data)).missing


@pytest.mark.parametrize(
    "data",
    [
        *({"message": {name: {}}} for name in ("protocolMessage", "senderKeyDistributionMessage", "albumMessage")),
        {"Message": {"messageContextInfo": {}, "reactionMessage": {}}},
        *({"type": kind} for kind in ("e2e_notification", "protocol", "ciphertext", "call_log", "album", "chat")),
        {},
        {"message": None},
    ],
)
def test_what_phones_exchange_by_themselves_is_no_event(adapter: Waha, data: dict[str, Any]) -> None:
    assert convert_event(adapter, "message", make_payload(body="", _data=data)) == []


def test_a_vote_that_cannot_be_read_is_missing(adapter: Waha) -> None:
    vote = {"id": f"false_{RINA}_VVV", "from": RINA, "fromMe": False, "selectedOptions": []}
    for mine, count in ((True, 1), (False, 0)):
        payload = {"vote": vote, "poll": {"id": f"{str(mine).lower()}_{RINA}_BBB", "fromMe": mine}}
        events = convert_event(adapter, "poll.vote.failed", payload)
        assert [event.missing for event in events if isinstance(event, Message)] == [True] * count


async def test_a_message_with_nothing_in_it_is_no_event(adapter: Waha) -> None:
    assert convert_event(adapter, "message", make_payload(body="")) == []


async def test_a_reaction_and_its_end(adapter: Waha) -> None:
    for emoji in ("👍", ""):
        reaction = {"text": emoji, "messageId": f"true_{GROUP}_BBB"}
        (event,) = convert_event(adapter, "message.reaction", make_payload(reaction=reaction))
        assert isinstance(event, Reaction)
        assert (event.message, event.emoji) == ("BBB", emoji)


async def test_edited_and_deleted_messages_are_named_by_their_first_id(adapter: Waha) -> None:
    (edited,) = convert_event(
        adapter, "message.edited", make_payload(id=f"false_{GROUP}_NEW_{RINA}", editedMessageId="AAA", body="baru")
    )
    revoked = {"after": make_payload(id=f"false_{GROUP}_NEW_{RINA}"), "revokedMessageId": "AAA", "before": None}
    (deleted,) = convert_event(adapter, "message.revoked", revoked)
    for event, text in ((edited, "baru"), (deleted, "")):
        assert isinstance(event, MessageEdited)
        assert (event.message, event.text) == (f"false_{GROUP}_AAA_{RINA}", text)


@pytest.mark.parametrize(("ack", "status"), [(-1, "failed"), (1, "sent"), (2, "delivered"), (3, "read"), (4, "read")])
async def test_acknowledgements_are_reports(adapter: Waha, ack: int, status: str) -> None:
    (event,) = convert_event(adapter, "message.ack", {"id": f"true_{RINA}_BBB", "from": RINA, "fromMe": True, "ack": ack})
    assert isinstance(event, DeliveryReport)
    assert (event.message, event.status, event.chat.id) == ("BBB", status, RINA)
    assert event.failure == ("undelivered" if ack == -1 else "")  # it may take another way


async def test_each_acknowledgement_has_a_key_of_its_own(adapter: Waha) -> None:
    keys = set()
    for ack in (0, 1, 2, 3):
        payload = {"id": f"true_{RINA}_BBB", "from": RINA, "fromMe": True, "ack": ack}
        native = {"event": "message.ack", "session": SESSION, "payload": payload}
        keys |= {incoming.key for incoming in take_delivery(adapter, native)}
    assert len(keys) == 4
    assert convert_event(adapter, "message.ack", {"id": f"true_{RINA}_BBB", "from": RINA, "ack": 0}) == []


async def test_who_comes_and_goes(adapter: Waha) -> None:
    people = [{"id": LID, "pn": RINA, "role": "participant"}, {"id": MY_LID, "role": "participant"}]
    for type_ in ("join", "leave", "promote"):
        payload = {"type": type_, "timestamp": 1, "group": {"id": GROUP}, "participants": people, "_data": {}}
        events = [
            event for event in convert_event(adapter, "group.v2.participants", payload) if isinstance(event, MemberChanged)
        ]
        if type_ == "promote":
            assert events == []
            continue
        assert [(event.member.id, event.present, event.of_bot) for event in events] == [
            ("whatsapp:6281200000001", type_ == "join", False),
            (f"whatsapp:{ME.partition('@')[0]}", type_ == "join", True),
        ]
        assert len({event.key for event in events}) == 2


async def test_conversion_is_pure(adapter: Waha) -> None:
    native = {"event": "message", "session": SESSION, "payload": make_payload(timestamp=1)}
    (incoming,) = take_delivery(adapter, native)
    assert json.dumps(native["payload"])
    assert list(adapter.convert(incoming)) == list(adapter.convert(incoming))


@pytest.mark.parametrize("odd", [1e308, -1e308, "nan", "inf", "1e400", 10**18])
async def test_a_time_that_is_none_is_that_of_the_event(adapter: Waha, odd: object) -> None:
    assert (await convert_message(adapter, timestamp=odd)).at == datetime.fromtimestamp(1_700_000_000, UTC)


async def test_a_nul_is_left_out_of_what_is_said(adapter: Waha) -> None:
    assert (await convert_message(adapter, body="ha\0lo")).text == "halo"
