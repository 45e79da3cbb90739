"""Each type of message becomes what it means."""

from typing import Any

import pytest
from pendopo.model import Attachment, ButtonPress, ChatMigrated, Location, Message, MessageEdited, Reaction

from .conftest import Lab
from .graph import DISPLAY
from .people import BUDI, GROUP, Person

QUOTED = {"context": {"from": DISPLAY, "id": "wamid.Q"}}
FILE = {"id": "123", "sha256": "x", "mime_type": "a/b"}


def one(lab: Lab, kind: str, what: Any, **more: Any) -> Any:
    [event] = lab.events(lab.people.value(BUDI, kind, what, **more))
    return event


async def test_a_text_names_what_it_quotes(lab: Lab) -> None:
    message = one(lab, "text", {"body": "/izin besok\njam 9"}, **QUOTED)
    assert isinstance(message, Message)
    assert (message.text, message.reply_to, message.at) == ("/izin besok\njam 9", "wamid.Q", lab.clock.now())
    assert (message.chat.key, message.chat.private) == (f"whatsapp_cloud:{BUDI.phone}", True)
    assert message.raw["text"] == {"body": "/izin besok\njam 9"}


@pytest.mark.parametrize("flag", ["forwarded", "frequently_forwarded"])
async def test_words_passed_on_are_somebody_elses(lab: Lab, flag: str) -> None:
    assert one(lab, "text", {"body": "/setuju 1"}, context={flag: True}).forwarded
    assert one(lab, "image", {**FILE, "caption": "/laporan lubang"}, context={flag: True}).forwarded
    assert not one(lab, "text", {"body": "/setuju 1"}, **QUOTED).forwarded


@pytest.mark.parametrize(
    ("kind", "what", "attachment", "text"),
    [
        ("image", {**FILE, "caption": "lubang", "url": "https://x"}, Attachment("photo", "123", mime="a/b"), "lubang"),
        ("video", FILE, Attachment("video", "123", mime="a/b"), ""),
        ("document", {**FILE, "filename": "surat.pdf"}, Attachment("document", "123", "surat.pdf", "a/b"), ""),
        ("audio", {**FILE, "voice": True}, Attachment("audio", "123", mime="a/b"), ""),
        ("sticker", {**FILE, "animated": False}, Attachment("sticker", "123", mime="a/b"), ""),
    ],
)
async def test_each_kind_of_file_is_an_attachment(lab: Lab, kind: str, what: Any, attachment: Attachment, text: str) -> None:
    message = one(lab, kind, what)
    assert (message.attachments, message.text) == ((attachment,), text)


async def test_a_place_may_have_a_name(lab: Lab) -> None:
    assert one(lab, "location", {"latitude": -6.2, "longitude": 106.8}).location == Location(-6.2, 106.8)
    named = {"latitude": "-6.2", "longitude": 106.8, "name": "Balai Kota", "address": "Jl. Wastukencana"}
    assert one(lab, "location", named).location == Location(-6.2, 106.8, "Balai Kota")


async def test_a_card_is_words_that_are_never_a_command(lab: Lab) -> None:
    card = {"name": {"formatted_name": "/setuju 1"}, "phones": [{"phone": "+62 812"}, {"wa_id": "1"}]}
    assert one(lab, "contacts", [card]).text == "👤 /setuju 1 +62 812"
    vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rina\r\nitem1.TEL;waid=62812:+62 812-1\r\nEND:VCARD"
    assert one(lab, "contacts", [{"origin": "contact_request", "vcard": vcard}]).text == "👤 Rina +62 812-1"


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
async def test_a_touched_button_is_a_press_of_its_token(lab: Lab, kind: str) -> None:
    press = one(lab, "interactive", {"type": kind, kind: {"id": "token", "title": "Setujui"}}, **QUOTED)
    assert isinstance(press, ButtonPress)
    assert (press.token, press.message) == ("token", "wamid.Q")


async def test_the_button_of_a_template_is_a_press_whatever_it_was_under(lab: Lab) -> None:
    press = one(lab, "button", {"payload": "token", "text": "Ya"}, **QUOTED)
    assert (press.token, press.message) == ("token", "wamid.Q")
    assert one(lab, "button", {"text": "Ya"}).message == ""


@pytest.mark.parametrize(
    ("what", "emoji"),
    [
        ({"message_id": "wamid.Q", "emoji": "👍"}, "👍"),
        ({"message_id": "wamid.Q", "emoji": ""}, ""),
        ({"message_id": "wamid.Q"}, ""),
    ],
)
async def test_a_reaction_is_put_and_taken_away(lab: Lab, what: Any, emoji: str) -> None:
    reaction = one(lab, "reaction", what)
    assert isinstance(reaction, Reaction)
    assert (reaction.message, reaction.emoji) == ("wamid.Q", emoji)


async def test_edits_and_revokes_name_the_message_they_change(lab: Lab) -> None:
    inner = {"type": "image", "image": {"id": "1", "caption": "jalan berlubang"}, "context": {"id": "M0"}}
    edited = one(lab, "edit", {"original_message_id": "wamid.Q", "message": inner})
    assert isinstance(edited, MessageEdited)
    assert (edited.message, edited.text) == ("wamid.Q", "jalan berlubang")
    text = {"type": "text", "text": {"body": "besok"}}
    assert one(lab, "edit", {"original_message_id": "wamid.Q", "message": text}).text == "besok"
    revoked = one(lab, "revoke", {"original_message_id": "wamid.Q"})
    assert (revoked.message, revoked.text) == ("wamid.Q", "")


@pytest.mark.parametrize(
    ("what", "new"),
    [
        ({"type": "user_changed_number", "wa_id": "6281299999999", "user_id": "ID.9"}, "6281299999999"),
        ({"type": "customer_changed_number", "new_wa_id": "6281299999999"}, "6281299999999"),
        ({"type": "user_changed_number", "user_id": "ID.9"}, "ID.9"),
    ],
)
async def test_a_changed_number_moves_the_chat_and_names_the_old_account(lab: Lab, what: Any, new: str) -> None:
    moved = one(lab, "system", {"body": "changed", **what}, drop=("contacts",))
    assert isinstance(moved, ChatMigrated)
    assert (moved.chat.id, moved.new_id) == (BUDI.phone, new)
    assert moved.account
    assert moved.account.id == f"whatsapp:{BUDI.phone}"


async def test_a_changed_user_id_moves_only_a_chat_that_is_named_by_it(lab: Lab) -> None:
    changed = {"type": "user_changed_user_id", "user_id": "ID.9"}
    [moved] = lab.events(lab.people.value(Person("", "ID.1"), "system", changed))
    assert isinstance(moved, ChatMigrated)
    assert (moved.chat.id, moved.new_id) == ("ID.1", "ID.9")
    assert lab.events(lab.people.value(BUDI, "system", changed)) == []


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("request_welcome", {}),
        ("system", {"type": "customer_identity_changed", "identity": {}}),
    ],
)
async def test_what_makes_no_event_has_a_reason(lab: Lab, kind: str, what: Any) -> None:
    [incoming] = lab.take(lab.people.value(BUDI, kind, what))
    assert lab.adapter.convert(incoming) == []
    assert len(lab.explain_skip(incoming)) > 10


@pytest.mark.parametrize(
    ("kind", "what", "more"),
    [
        ("order", {"catalog_id": "1"}, {}),
        ("unsupported", {"type": "poll"}, {"errors": [{"code": 131051, "title": "Message type unknown"}]}),
        ("document", None, {"errors": [{"code": 131052, "title": "Media download error"}]}),
        ("image", None, {"errors": [{"code": 131053}]}),
        ("audio", None, {"errors": [{"code": 131052}]}),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}, {}),
        ("interactive", {"type": "call_permission_reply"}, {}),
        ("interactive", None, {"errors": [{"code": 131000, "title": "Unsupported webhook payload"}]}),
    ],
)
async def test_what_somebody_sent_and_whatsapp_kept_is_missing(lab: Lab, kind: str, what: Any, more: dict[str, Any]) -> None:
    message = one(lab, kind, what, **more)
    assert isinstance(message, Message)
    assert (message.missing, message.text, message.attachments) == (True, "", ())


async def test_what_is_new_to_us_waits_for_an_upgrade(lab: Lab) -> None:
    for kind, what in (("hologram", {}), ("interactive", {"type": "gesture"}), ("system", {"type": "user_ascended"})):
        [incoming] = lab.take(lab.people.value(BUDI, kind, what))
        with pytest.raises(ValueError, match=f"no such type of .*: '{what.get('type', kind)}'"):
            lab.adapter.convert(incoming)


async def test_a_group_is_a_chat_in_which_the_bot_is_named_by_its_number(lab: Lab) -> None:
    [first] = lab.events(lab.people.says(BUDI, f"@{DISPLAY} tolong", group_id=GROUP))
    [second] = lab.events(lab.people.says(BUDI, "tolong", group_id=GROUP))
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert (first.chat.id, first.chat.private, first.addressed, second.addressed) == (GROUP, False, True, False)
    assert first.account
    assert first.account.id == f"whatsapp:{BUDI.phone}"


async def test_conversion_needs_no_memory(lab: Lab) -> None:
    values = [lab.people.shows(BUDI, b"1", "/lapor"), lab.people.shows(BUDI, b"2"), lab.people.says(BUDI, "x")]
    taken = lab.take(*values)
    assert [lab.make().convert(each) for each in taken] == [lab.adapter.convert(each) for each in taken]
