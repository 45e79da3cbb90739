"""Every update is read, or passed over for a reason that is said; none of them raises."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pendopo.adapters.foreign_json import UnreadableError
from pendopo.adapters.telegram.convert import SkippedUpdateError, UpdateConverter
from pendopo.adapters.telegram.incoming import NO_CHAT, Update, encode_update, pack_incoming, unpack_incoming
from pendopo.model import ChatMigrated, Event, Location, MemberChanged, Mention, Message, MessageEdited, Reaction

from .fake.schema import fault_of
from .random_updates import Dice, faulty

UPDATES = Path(__file__).parent / "updates"
EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text())
READER = UpdateConverter("telegram", "7000000001", "kota_test_bot")
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Dinas PU"}
BUDI = {"id": 1000000001, "is_bot": False, "first_name": "Budi"}
FORUM = GROUP | {"is_forum": True}


def make_message(text: str = "", chat: dict[str, Any] = GROUP, **more: Any) -> dict[str, Any]:
    about = {"message_id": 7, "from": BUDI, "chat": chat, "date": 1776972025} | more
    return {"update_id": 1, "message": about | ({"text": text} if text else {})}


def list_events(update: Update, reader: UpdateConverter = READER) -> Sequence[Event]:
    """The events of an update, none if it is skipped."""
    try:
        return reader.convert_update(update)
    except SkippedUpdateError:
        return []


def explain_skip(update: Update) -> str | None:
    """Why an update is skipped; None if it leads to events."""
    try:
        READER.convert_update(update)
    except SkippedUpdateError as reason:
        return str(reason)
    return None


def read(data: dict[str, Any]) -> Any:
    """The one event of an update, after it was stored and taken out again."""
    stored = pack_incoming(data, encode_update(data), "kota_test_bot", "7000000001", AT)
    (event,) = list_events(unpack_incoming(stored.body))
    return event


def why(data: dict[str, Any]) -> str:
    reason = explain_skip(Update(data))
    assert reason, "this is not skipped"
    return reason


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_is_read_as_it_was_before(name: str) -> None:
    """The golden files are updates as Telegram really sent them; `expected.json` has the events, or the reason for none."""
    update = unpack_incoming((UPDATES / f"{name}.json").read_bytes())
    events = json.loads(msgspec.json.encode(list_events(update)))
    for event in events:
        event.pop("raw")
    assert (events or explain_skip(update)) == EXPECTED[name]


def test_every_sample_has_an_expectation() -> None:
    assert sorted(path.stem for path in UPDATES.glob("*.json")) == sorted(EXPECTED)


def test_ten_thousand_random_updates_raise_nothing() -> None:
    """Valid by the Bot API's description, and full of what no server would send."""
    dice = Dice(20261124)
    kinds: set[str] = set()
    for number in range(10_000):
        data = dice.update(number)
        if number % 50 == 0:
            assert fault_of(data, "Update") is None
        stored = pack_incoming(data, encode_update(data), "kota_test_bot", "7000000001", AT)
        update = unpack_incoming(stored.body)
        events = list_events(update)
        kinds |= {type(event).__name__ for event in events}
        assert bool(events) != bool(explain_skip(update))
        assert msgspec.json.decode(msgspec.json.encode(events), type=list[Event]) == events
    assert kinds == {"Message", "MessageEdited", "ButtonPress", "Reaction", "MemberChanged", "ChatMigrated"}


def test_updates_of_wrong_shape_are_read_as_far_as_they_go() -> None:
    """Fields missing, of another type, or null: what an older or newer server might send.

    One without what makes it an update of its kind raises `UnreadableError`: a dead letter, and nothing else.
    """
    dice = Dice(7)
    for number in range(3_000):
        data = {name: faulty(dice, value) for name, value in dice.update(number).items()} | {"update_id": number}
        update = unpack_incoming(pack_incoming(data, encode_update(data), "kota_test_bot", "7000000001", AT).body)
        with suppress(UnreadableError):
            assert bool(list_events(update)) != bool(explain_skip(update))


@pytest.mark.parametrize(
    "broken",
    [
        {"message": None},
        {"message": {"message_id": 1, "date": 1, "text": "a"}},
        {"message": {"message_id": 1, "chat": {"id": "x"}}},
        {"message": {"message_id": [], "chat": GROUP, "text": "a"}},
        {"edited_message": {"chat": GROUP, "text": "a"}},
        {"callback_query": {"id": "1", "data": "x", "message": {"message_id": 4}}},
        {"my_chat_member": []},
    ],
)
def test_what_has_not_even_what_makes_it_an_update_of_its_kind_is_unreadable(broken: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        list_events(Update({"update_id": 1} | broken))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"{}", b'{"update_id": "1"}', b"\xff", b"[" * 100_000])
def test_only_what_is_no_update_at_all_raises(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  its words differ
        unpack_incoming(body)


# -- words -------------------------------------------------------------------------------------------------------


def test_entities_are_counted_in_utf_16_units() -> None:
    text = "😀😀 @Kota_Test_Bot dan Rina 👍 tolong"
    entities = [
        {"type": "mention", "offset": 5, "length": 14},
        {"type": "text_mention", "offset": 24, "length": 4, "user": {"id": 5, "first_name": "Rina"}},
        {"type": "mention", "offset": 900, "length": 9},
    ]
    event = read(make_message(text, entities=entities))
    assert event.addressed
    assert event.mentions == (Mention("Rina", "telegram:5"),)


def test_a_user_name_names_somebody_but_lets_nobody_in() -> None:
    """User names change hands: a directory may list one to be found by, and no sender is known by theirs."""
    event = read(make_message("tanya @Rina_H", entities=[{"type": "mention", "offset": 6, "length": 7}]))
    assert event.mentions == (Mention("@Rina_H", "telegram_username:rina_h"),)
    assert event.account.aliases == ("telegram:1000000001",)


def test_a_caption_is_the_text() -> None:
    photo = [{"file_id": "small", "width": 1, "height": 1}, {"file_id": "big", "width": 9, "height": 9, "file_size": 8}]
    event = read(make_message(photo=photo, caption="/lapor@kota_test_bot\nbanjir"))
    assert event.text == "/lapor@kota_test_bot\nbanjir"
    assert [(file.kind, file.ref, file.size) for file in event.attachments] == [("photo", "big", 8)]


def test_half_a_surrogate_pair_cannot_get_into_the_database() -> None:
    event = read(make_message("a\ud83d b"))
    assert event.text == "a\ufffd b"
    assert msgspec.json.encode(event)


def test_a_nul_is_left_out_of_what_is_said() -> None:
    assert read(make_message("ha\0lo")).text == "halo"


def test_a_group_that_moves_is_moved_also_by_a_message_without_an_id() -> None:
    moved = {"update_id": 8, "message": {"chat": GROUP, "date": 1, "migrate_to_chat_id": -100}}
    (event,) = list_events(Update(moved))
    assert (event.key, event.chat.id) == ("8", "-1001234567890")


def test_an_animation_is_one_file_although_it_comes_as_two() -> None:
    file = {"file_id": "x", "file_name": "a.mp4"}
    assert [a.kind for a in read(make_message(animation=file, document=file)).attachments] == ["video"]


def test_a_visiting_card_names_its_person() -> None:
    event = read(make_message(contact={"phone_number": "+62812", "first_name": "Rina", "last_name": "H", "user_id": 5}))
    assert (event.text, event.mentions) == ("Rina H +62812", (Mention("Rina H", "telegram:5"),))


def test_a_rich_message_is_read_by_its_words() -> None:
    blocks = [
        {"type": "paragraph", "text": ["Rapat ", {"type": "bold", "text": "besok"}]},
        {"type": "paragraph", "text": "jam 9"},
    ]
    assert read(make_message(rich_message={"blocks": blocks})).text == "Rapat besok\njam 9"


# -- where, and to what ------------------------------------------------------------------------------------------


def test_only_a_topic_message_is_in_a_topic() -> None:
    assert read(make_message("a", FORUM, message_thread_id=4, is_topic_message=True)).chat.topic == "4"
    assert read(make_message("a", message_thread_id=4)).chat.topic == ""


def test_in_a_topic_the_service_message_that_began_it_is_not_answered() -> None:
    began = {"message_id": 4, "chat": FORUM, "date": 1, "forum_topic_created": {"name": "x", "icon_color": 1}}
    topic = {"message_thread_id": 4, "is_topic_message": True}
    assert read(make_message("a", FORUM, reply_to_message=began, **topic)).reply_to == ""
    asked = {"message_id": 9, "chat": FORUM, "date": 1, "text": "?"}
    assert read(make_message("a", FORUM, reply_to_message=asked, **topic)).reply_to == "9"


def test_photos_of_one_sender_and_second_belong_together_also_without_a_group() -> None:
    first, second = make_message(photo=[{"file_id": "a"}]), make_message(photo=[{"file_id": "b"}])
    later = make_message(photo=[{"file_id": "c"}], date=1776972026)
    albums = [pack_incoming(data, b"{}", "", "1", AT).album for data in (first, second, later, make_message("words"))]
    assert albums == ["same:1000000001:1776972025"] * 2 + ["same:1000000001:1776972026", ""]


def test_an_update_without_a_chat_has_a_lane_of_its_own() -> None:
    assert pack_incoming({"update_id": 1, "poll_answer": {}}, b"{}", "", "1", AT).chat == NO_CHAT
    assert pack_incoming({"update_id": 1}, b"{}", "", "1", AT).chat == NO_CHAT


def test_a_moving_live_location_is_an_edit() -> None:
    place = {"latitude": 1, "longitude": 2, "live_period": 900}
    assert read(make_message(location=place)).location == Location(1, 2)
    event = read({"update_id": 2, "edited_message": make_message(location=place | {"latitude": 3})["message"]})
    assert isinstance(event, MessageEdited)
    assert (event.message, event.location) == ("7", Location(3, 2))


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "user", "sender_user": BUDI, "date": 1}},
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Budi", "date": 1}},
        {"forward_origin": {"type": "chat", "sender_chat": GROUP, "date": 1}},
        {"forward_origin": {"type": "channel", "chat": GROUP, "message_id": 3, "date": 1}},
        {"forward_origin": {"type": "tomorrow"}},
        {"forward_date": 1, "forward_sender_name": "Budi"},
        {"via_bot": {"id": 9, "is_bot": True, "first_name": "Lain"}},
    ],
)
def test_words_passed_on_are_somebody_elses(more: dict[str, Any]) -> None:
    assert read(make_message("/setuju 1", **more)).forwarded
    assert not read(make_message("/setuju 1")).forwarded


@pytest.mark.parametrize("name", ["dice", "story", "poll", "game", "paid_media", "giveaway", "checklist", "hologram_of_2031"])
def test_what_a_person_sent_and_we_cannot_read_is_missing(name: str) -> None:
    private, content = {"id": 1000000001, "type": "private", "first_name": "Budi"}, dict[str, Any]({name: {}})
    assert read(make_message("", private, **content)).missing
    assert "nothing in it" in why(make_message("", **content))


@pytest.mark.parametrize(
    "name", ["pinned_message", "forum_topic_created", "video_chat_started", "new_chat_title", "users_shared"]
)
def test_what_telegram_says_by_itself_is_nobodys_message(name: str) -> None:
    private, content = {"id": 1000000001, "type": "private", "first_name": "Budi"}, dict[str, Any]({name: {}})
    assert "nothing in it" in why(make_message("", private, **content))


def test_what_is_quoted_comes_along() -> None:
    asked = {"message_id": 9, "chat": GROUP, "date": 1, "photo": [{"file_id": "x"}], "caption": "Rapat besok jam 9"}
    assert read(make_message("a", reply_to_message=asked)).quoted == "Rapat besok jam 9"
    marked = {"text": "jam 9", "position": 12, "is_manual": True}
    assert read(make_message("a", reply_to_message=asked, quote=marked)).quoted == "jam 9"
    elsewhere = read(make_message("a", external_reply={"origin": {}, "chat": FORUM, "message_id": 3}, quote=marked))
    assert (elsewhere.quoted, elsewhere.reply_to) == ("jam 9", "")


def test_voice_is_a_file() -> None:
    event = read(make_message(voice={"file_id": "v", "file_unique_id": "u", "duration": 3, "file_size": 9}))
    assert [(file.kind, file.ref, file.mime, file.size) for file in event.attachments] == [("audio", "v", "audio/ogg", 9)]


# -- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "sender"), [(1087968824, GROUP), (136817688, {"id": -100999, "type": "channel", "title": "Kanal Budi"})]
)
def test_who_hides_behind_the_group_or_a_channel_is_anonymous(user: int, sender: dict[str, Any]) -> None:
    hidden = {"id": user, "is_bot": True, "first_name": "Hidden"}
    account = read(make_message("a", **{"from": hidden, "sender_chat": sender})).account
    assert account.anonymous
    assert not account.service


@pytest.mark.parametrize(
    "sender",
    [
        {
            "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
            "sender_chat": {"id": -100999, "type": "channel"},
            "is_automatic_forward": True,
        },
        {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}},
        {"from": {"id": 7000000777, "is_bot": True, "first_name": "Bot Lain"}},
    ],
    ids=["post of the linked channel", "telegram itself", "another bot"],
)
def test_services_are_no_people(sender: dict[str, Any]) -> None:
    account = read(make_message("a", **sender)).account
    assert account.service
    assert not account.anonymous


def test_the_bots_own_coming_is_told_once() -> None:
    bot = {"id": 7000000001, "is_bot": True, "first_name": "Kota"}
    assert "my_chat_member" in why(make_message(new_chat_members=[bot]))
    data = make_message(new_chat_members=[bot, BUDI])
    event = read(data)
    assert isinstance(event, MemberChanged)
    assert (event.member.id, event.present, event.of_bot) == ("telegram:1000000001", True, False)


def test_the_update_that_announces_a_move_does_not_confuse() -> None:
    """`my_chat_member` of the new chat comes first; the old chat's own word is what moves it, and only once."""
    names = ("my_chat_member_added_supergroup_on_migration", "migrate_to_chat_id", "migrate_from_chat_id")
    updates = [unpack_incoming((UPDATES / f"{name}.json").read_bytes()) for name in names]
    events = [event for update in updates for event in list_events(update)]
    added, moved = events
    assert isinstance(added, MemberChanged)
    assert isinstance(moved, ChatMigrated)
    assert (moved.chat.id, moved.new_id) == ("-987654321", "-1001234567890")


def test_a_restricted_member_may_be_in_or_out() -> None:
    def change(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
        who = {"user": BUDI}
        content = {"chat": GROUP, "from": BUDI, "date": 1, "new_chat_member": who | new, "old_chat_member": who | old}
        return {"update_id": 1, "chat_member": content}

    assert not read(change({"status": "restricted", "is_member": False}, {"status": "member"})).present
    assert "nobody came" in why(change({"status": "administrator"}, {"status": "member"}))


# -- touches -----------------------------------------------------------------------------------------------------


def test_a_button_on_a_message_that_cannot_be_shown_any_more_still_works() -> None:
    gone = {"chat": GROUP, "message_id": 5, "date": 0}
    event = read({"update_id": 1, "callback_query": {"id": "77", "from": BUDI, "message": gone, "data": "abc"}})
    assert (event.key, event.token, event.message, event.at) == ("77", "abc", "5", AT)


def test_reactions_come_one_by_one() -> None:
    def reaction(old: list[str], new: list[str]) -> list[str]:
        lists = {f"{n}_reaction": [{"type": "emoji", "emoji": e} for e in es] for n, es in (("old", old), ("new", new))}
        content = {"chat": GROUP, "user": BUDI, "message_id": 3, "date": 1, **lists}
        events = list_events(Update({"update_id": 1, "message_reaction": content}))
        assert len({event.key for event in events}) == len(events)
        return [event.emoji for event in events if isinstance(event, Reaction)]

    assert reaction([], ["👍", "🔥"]) == ["👍", "🔥"]
    assert reaction(["👍"], []) == [""]
    assert reaction(["👍"], ["👍"]) == []


def test_the_name_the_bot_had_is_stored_with_the_update() -> None:
    """After a restart Telegram may be out of reach, and what is stored must be read as before."""
    nobody = UpdateConverter("telegram", "7000000001", "")
    data = make_message("@kota_test_bot ya", entities=[{"type": "mention", "offset": 0, "length": 14}])
    stored = pack_incoming(data, encode_update(data), "kota_test_bot", "7000000001", AT)
    (event,) = list_events(unpack_incoming(stored.body), nobody)
    assert isinstance(event, Message)
    assert event.addressed
