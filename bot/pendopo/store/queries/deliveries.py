"""The rows of the outbox: what is owed to whom, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from pendopo.errors import SupersededError
from pendopo.model import Album, Chat, Choice, Content, Text, make_quiet
from pendopo.model.ids import NIGHT, format_lane_key
from pendopo.store.database import Connection, Database, Record, make_row, to_json
from pendopo.store.queries.buttons import (
    ButtonRow,
    add_buttons,
    forget_redrawing,
    keep_tokens,
    number_buttons,
    redraw_buttons,
)
from pendopo.store.tables import DeliveryState

encode = msgspec.json.Encoder().encode
_chat = msgspec.json.Decoder(Chat).decode
_content = msgspec.json.Decoder(Content).decode


class Outgoing(msgspec.Struct, kw_only=True):
    """One delivery to be made. `kind` is send | edit | answer; `target` an edit's delivery key or an answer's press.

    `aside`: it waits for nothing else of its chat. `quiet`: it rings nobody in quiet hours. `told`: the person it is for.
    """

    key: str
    chat: Chat
    content: Content
    kind: str = "send"
    target: str = ""
    reply_to: str = ""
    locale: str = ""
    aside: bool = False
    quiet: bool = False
    told: str = ""
    buttons: Sequence[ButtonRow] = ()


class Delivery(msgspec.Struct):
    """One row of the outbox, as a lane takes it. `part` is how many of the messages it becomes are made."""

    id: int
    key: str
    lane: str
    chat: Chat
    kind: str
    content: Content
    target: str
    reply_to: str
    locale: str
    state: DeliveryState = DeliveryState.OPEN
    attempts: int = 0
    due_at: int = 0
    part: int = 0
    event_id: int = 0
    """The delivery of the inbox that it answers."""
    created_at: int = 0
    urgent: int = 0
    """1: somebody waits for it, who asked for it just now."""


_delivery = make_row(Delivery, chat=_chat, content=_content, state=DeliveryState)
STATION = "outbox"
NOTHING_SAID = to_json(Text())
"""The content of a delivery whose words are gone."""
_POST = """INSERT INTO delivery
(key, lane, chat, kind, content, target, reply_to, locale, event_id, asked_in, created_at, urgent)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
PRIVATE = f"""lane IN (SELECT chat.key || mark.name FROM chat
CROSS JOIN (SELECT '' AS name UNION ALL SELECT '{NIGHT}') AS mark WHERE chat.person = ?)"""
"""What is in a person's private chats, or waits there for the morning."""
_COLUMNS = ", ".join(Delivery.__struct_fields__)
_UNSETTLED = f"state IN ('{DeliveryState.OPEN}', '{DeliveryState.SENDING}')"
_SENT = f"state = '{DeliveryState.SENT}'"
_CLAIM = f"UPDATE delivery SET state = '{DeliveryState.SENDING}' WHERE id = ? AND {_UNSETTLED} RETURNING id"
_SETTLE = f"UPDATE delivery SET {_SENT}, native_id = ?, choices = ?, sent_at = ? WHERE id = ?"
_RECENT = f"""SELECT chat, lane, CASE state WHEN '{DeliveryState.SENDING}' THEN 0 ELSE sent_at END, part, content FROM delivery
WHERE id > (SELECT coalesce(min(id), (SELECT max(id) FROM delivery)) FROM delivery WHERE {_UNSETTLED}) - 3000
AND (sent_at > ? OR state = '{DeliveryState.SENDING}') AND kind <> 'answer' ORDER BY sent_at, id"""
_HEAD = f"SELECT {_COLUMNS} FROM delivery WHERE lane = ? AND {_UNSETTLED} ORDER BY id LIMIT ?"

_LATER_EDIT = "SELECT min(id) FROM delivery WHERE target = ? AND target <> '' AND kind LIKE 'edit%' AND id > ?"
_ANSWERS = """SELECT key, kind, target, content, created_at FROM delivery
WHERE substr(lane, 1, 4) = 'web:' AND lane IN (?, ?) AND created_at > ? ORDER BY id DESC LIMIT 40"""


def post_delivery(
    connection: Connection,
    outgoing: Outgoing,
    event_id: int,
    now_ms: int,
    asked_in: Chat | None = None,
    urgent: bool = False,
    answers: str = "",
) -> Delivery:
    """Put a delivery into the outbox, with what its buttons lead to. `answers`: the chat in which somebody asked just now.

    An edit goes to the chat of the message it changes. What that message offers now stays valid until the edit was made.
    """
    o, chat, content, buttons = outgoing, outgoing.chat, outgoing.content, outgoing.buttons
    edits = o.kind.startswith("edit")
    if edits:
        found = connection.execute("SELECT chat, locale FROM delivery WHERE key = ?", (o.target,))
        chat = _chat(found[0][0]) if found else chat
        o.locale = found[0][1] if found else o.locale
        buttons = keep_tokens(connection, o.target, o.buttons, now_ms)
        content = _replace_tokens(content, {was.token: new.token for was, new in zip(o.buttons, buttons, strict=True)})
    if o.quiet and chat.key != answers:
        content = make_quiet(content)
    lane = format_lane_key(chat.adapter, chat.id, o.aside)
    elsewhere = asked_in is not None and asked_in is not chat and asked_in.key != chat.key
    asker = to_json(asked_in) if elsewhere else ""
    places = (
        o.key,
        lane,
        to_json(chat),
        o.kind,
        to_json(content),
        o.target,
        o.reply_to,
        o.locale,
        event_id,
        asker,
        now_ms,
        int(urgent),
    )
    id_ = connection.insert(_POST, places) or 0
    connection.wake_lane(lane, STATION)
    if edits:
        redraw_buttons(connection, o.target, id_, o.buttons, buttons)
    else:
        add_buttons(connection, o.key, buttons)
    row = (id_, o.key, lane, chat, o.kind, content, o.target, o.reply_to, o.locale)
    return Delivery(*row, event_id=event_id, created_at=now_ms, urgent=int(urgent))


def list_choices(content: Content) -> tuple[Choice, ...]:
    """The choices that a message shows."""
    return content.buttons if isinstance(content, Text) else getattr(content, "caption", Text()).buttons


def _replace_tokens(content: Content, tokens: Mapping[str, str]) -> Content:
    choices = tuple(replace(choice, token=tokens.get(choice.token, choice.token)) for choice in list_choices(content))
    if not choices:
        return content
    if isinstance(content, Text):
        return replace(content, buttons=choices)
    return replace(content, caption=replace(content.caption, buttons=choices)) if hasattr(content, "caption") else content


class Answer(NamedTuple):
    """What was said on somebody's own page of the dashboard."""

    key: str
    kind: str
    target: str
    content: Content
    created_at: int


async def list_answers(database: Database, lanes: tuple[str, str], since_ms: int) -> list[Answer]:
    """What was said lately in the lanes of somebody's own page, the newest first."""
    return await database.read_all(make_row(Answer, content=_content), _ANSWERS, *lanes, since_ms)


async def read_newest_id(database: Database) -> int:
    """The number of the newest delivery, 0 where there is none."""
    return await database.read_first(int, "SELECT max(id) FROM delivery") or 0


async def list_page_lanes(database: Database, after: int, limit: int) -> list[str]:
    """The lanes of people's own pages that later deliveries than this one stand in, in the order of these."""
    sql = "SELECT lane FROM delivery WHERE id > ? AND lane LIKE 'web:%' ORDER BY id LIMIT ?"
    return await database.read_all(str, sql, after, limit)


async def read_outbox_lane(database: Database, lane: str, limit: int) -> list[Delivery]:
    """The oldest deliveries of a lane that are not settled."""
    return await database.read_all(_delivery, _HEAD, lane, limit)


def claim_delivery(connection: Connection, id_: int) -> None:
    """Note that a send is about to begin; found again after a crash, its outcome is unknown. Raises `SupersededError`."""
    if not connection.execute(_CLAIM, (id_,)):
        raise SupersededError(f"delivery {id_} is settled already")


def record_part(connection: Connection, id_: int, part: int, now_ms: int) -> None:
    """Note that so many of the messages a delivery becomes are made, and that the next is yet to begin."""
    sql = f"""UPDATE delivery SET state = '{DeliveryState.OPEN}', part = ?, attempts = 0, sent_at = ?
    WHERE id = ? AND part < ? AND {_UNSETTLED}"""
    connection.execute(sql, (part, now_ms, id_, part))


def release_claim(connection: Connection, id_: int, state: DeliveryState) -> None:
    """Take back a claim: nothing was sent. `state` is the one before it."""
    connection.execute(f"UPDATE delivery SET state = ? WHERE id = ? AND state = '{DeliveryState.SENDING}'", (state, id_))


async def read_recent(database: Database, since_ms: int) -> list[tuple[Chat, str, int, int]]:
    """What went out since an instant, oldest first: chat, lane, when (0: nobody knows whether it did), and as how many.

    Looks no further back than some thousand rows before the oldest that waits, so that it costs the same in any history.
    """
    rows = await database.read(_RECENT, (since_ms,))
    sent = []
    for chat, lane, at, part, content in rows:
        read = _content(content) if content.startswith('{"type":"album"') else None
        items = read.items if isinstance(read, Album) else ()
        sent.append((_chat(chat), lane, at, max(1, part, len(items))))
    return sent


def forget_words(connection: Connection, id_: int) -> None:
    """Keep nothing of what a delivery said."""
    connection.execute("UPDATE delivery SET content = ? WHERE id = ?", (NOTHING_SAID, id_))


def mark_sent(connection: Connection, id_: int, native_id: str, choices: str, now_ms: int) -> None:
    """Note that a delivery was made."""
    connection.execute(_SETTLE, (native_id, choices, now_ms, id_))


def mark_unedited(connection: Connection, delivery: Delivery, now_ms: int) -> None:
    """Note that a message stays as it is, at least until a later change: its buttons are still those that people see."""
    mark_sent(connection, delivery.id, "", "", now_ms)
    found = connection.execute(_LATER_EDIT, (delivery.target, delivery.id))
    forget_redrawing(connection, delivery.target, delivery.id, found[0][0] or 0)


def mark_edited(connection: Connection, delivery: Delivery, native_id: str, choices: str, now_ms: int) -> None:
    """Note that a message was changed, or that another took its place: from now on the target's key means that one."""
    connection.execute(f"UPDATE delivery SET {_SENT}, sent_at = ? WHERE id = ?", (now_ms, delivery.id))
    connection.execute("UPDATE delivery SET native_id = ?, choices = ? WHERE key = ?", (native_id, choices, delivery.target))
    number_buttons(connection, [choice.token for choice in list_choices(delivery.content)])


def postpone_delivery(
    connection: Connection, id_: int, due_at: int, error: str, state: DeliveryState = DeliveryState.OPEN
) -> None:
    """Note a failed attempt, and when to try again; in `state` `SENDING` an earlier one may have got through."""
    sql = f"""UPDATE delivery SET state = ?, attempts = attempts + 1, due_at = ?, error = ?
    WHERE id = ? AND {_UNSETTLED} RETURNING lane"""
    _wake_affected(connection, connection.execute(sql, (state, due_at, error, id_)))


def mark_failed_late(connection: Connection, id_: int, native_id: str, state: DeliveryState, due_at: int, error: str) -> None:
    """Note that an attempt that was taken failed all the same: what else is told of it from now on is stale."""
    sql = """UPDATE delivery SET state = ?, failed_id = ?, native_id = '', report = 0, part = 0, due_at = ?, error = ?
    WHERE id = ? RETURNING lane"""
    _wake_affected(connection, connection.execute(sql, (state, native_id, due_at, error, id_)))


def reset_parts(connection: Connection, id_: int) -> None:
    """Of the messages a delivery becomes, none counts as made."""
    connection.execute("UPDATE delivery SET part = 0 WHERE id = ?", (id_,))


def park_delivery(connection: Connection, delivery: Delivery, due_at: int) -> str:
    """Put a delivery aside until an instant; returns the lane it waits in, while its chat goes on."""
    lane = f"{delivery.chat.key}{NIGHT}"
    if delivery.target and change_unsent(connection, delivery):
        return lane
    connection.execute(f"UPDATE delivery SET lane = ?, due_at = ? WHERE id = ? AND {_UNSETTLED}", (lane, due_at, delivery.id))
    connection.wake_lane(lane, STATION)
    return lane


def return_parked(connection: Connection, lane: str, now_ms: int) -> str:
    """Put what was parked in a lane until now back where it came from; returns the lane of that chat."""
    chat = lane.removesuffix(NIGHT)
    sql = f"UPDATE delivery SET lane = ?, due_at = 0 WHERE lane = ? AND due_at <= ? AND {_UNSETTLED}"
    connection.execute(sql, (chat, lane, now_ms))
    connection.wake_lane(chat, STATION)
    return chat


def change_unsent(connection: Connection, delivery: Delivery) -> bool:
    """Make a change to a message that waits for the morning or its person, or never went out; False for any other.

    The change is no delivery of its own then: what was not sent is not noted as sent.
    """
    unsent = f"(state = '{DeliveryState.HELD}' OR (lane LIKE '%{NIGHT}' AND {_UNSETTLED}))"
    if delivery.kind == "edit":  # another is to be seen, and so is sent in its place
        unsent = f"({unsent} OR (state = '{DeliveryState.DEAD}' AND native_id = ''))"
    sql = f"UPDATE delivery SET content = ? WHERE key = ? AND {unsent} RETURNING id"
    if not connection.execute(sql, (to_json(delivery.content), delivery.target)):
        return False
    connection.execute("DELETE FROM delivery WHERE id = ?", (delivery.id,))
    return True


def settle_edit(connection: Connection, delivery: Delivery, now_ms: int) -> bool:
    """Settle a change to a message that cannot be edited; False where it is to be sent as a new message."""
    if change_unsent(connection, delivery):
        return True
    if delivery.kind == "edit":
        mark_unedited(connection, delivery, now_ms)
    return delivery.kind == "edit"


def mark_delivery_dead(connection: Connection, id_: int, error: str, code: str) -> None:
    """Make a delivery a dead letter: visible, and open to being tried again by an operator."""
    sql = f"UPDATE delivery SET state = '{DeliveryState.DEAD}', error = ?, code = ? WHERE id = ? RETURNING lane"
    _wake_affected(connection, connection.execute(sql, (error, code, id_)))


_BURY = f"""UPDATE delivery SET state = '{DeliveryState.DEAD}', error = ?
WHERE state IN ('{DeliveryState.OPEN}', '{DeliveryState.HELD}')"""


def bury_private(connection: Connection, person: int, error: str) -> None:
    """Make dead letters of whatever still waits to be told to a person privately."""
    connection.execute(f"{_BURY} AND {PRIVATE}", (error, person))


def bury_waiting(connection: Connection, lane: str, error: str) -> None:
    """Make dead letters of whatever still waits in a lane, also for the morning."""
    connection.execute(f"{_BURY} AND lane IN (?, ?)", (error, lane, f"{lane}{NIGHT}"))


def _wake_affected(connection: Connection, lanes: Sequence[Record]) -> None:
    """What stood first in these lanes may do so no longer, or be due earlier."""
    for (lane,) in lanes:
        connection.wake_lane(lane, STATION)


# -- look-ups ------------------------------------------------------------------------------------------------------


async def list_lanes(database: Database, held: bool = False) -> list[str]:
    """The lanes with work in them, for the start, after a crash or a stop; or those with what waits until somebody writes."""
    which = f"state = '{DeliveryState.HELD}'" if held else _UNSETTLED
    return await database.read_all(str, f"SELECT DISTINCT lane FROM delivery WHERE {which}")


async def find_oldest_due(database: Database, now_ms: int) -> int | None:
    """When the oldest delivery was posted of those that are due and not settled."""
    sql = f"SELECT min(created_at) FROM delivery WHERE {_UNSETTLED} AND due_at <= ?"
    return await database.read_first(int, sql, now_ms)


async def find_overdue(database: Database, now_ms: int) -> int | None:
    """Since when the delivery that is longest overdue could have been made."""
    later = "CASE WHEN due_at > created_at THEN due_at ELSE created_at END"
    return await database.read_first(int, f"SELECT min({later}) FROM delivery WHERE {_UNSETTLED} AND due_at <= ?", now_ms)


async def find_delivery(database: Database, which: int | str) -> Delivery | None:
    """One row of the outbox by its number or its key, whatever its state."""
    column = "id" if isinstance(which, int) else "key"
    return await database.read_first(_delivery, f"SELECT {_COLUMNS} FROM delivery WHERE {column} = ?", which)


async def find_place(database: Database, key: str) -> tuple[str, str] | None:
    """The lane of a delivery, and the messenger's id of it there, "" while it has none."""
    rows = await database.read("SELECT lane, native_id FROM delivery WHERE key = ?", (key,))
    return (rows[0][0], rows[0][1]) if rows else None


async def find_key(database: Database, lane: str, native_id: str) -> str:
    """The key of the delivery that a messenger knows by an id in a lane, "" when it is none of ours."""
    sql = "SELECT key FROM delivery WHERE lane = ? AND native_id = ? AND native_id <> ''"
    return await database.read_first(str, sql, lane, native_id) or ""


async def find_numbered(database: Database, lane: str) -> list[tuple[str, int]]:
    """The newest deliveries of a lane that number their choices, the newest first: key, and when (milliseconds) it was sent."""
    sql = "SELECT key, sent_at FROM delivery WHERE lane = ? AND choices = 'numbers' ORDER BY id DESC LIMIT 5"
    return [(key, sent_at) for key, sent_at in await database.read(sql, (lane,))]


async def find_offering(database: Database, lane: str) -> list[tuple[str, int]]:
    """The newest deliveries of a lane with choices that nobody has used, the newest first: key, and when it was sent.

    Before them comes the newest delivery of all, with choices or without. Times are milliseconds.
    """
    recent = "SELECT id, key, sent_at FROM delivery WHERE lane = ? AND kind <> 'answer' ORDER BY id DESC LIMIT 30"
    live = "EXISTS (SELECT 1 FROM button WHERE button.delivery = recent.key AND used_at = 0)"
    newest = f"id = (SELECT max(id) FROM ({recent}) AS again)"
    sql = f"SELECT key, sent_at FROM ({recent}) AS recent WHERE {live} OR {newest} ORDER BY id DESC LIMIT 6"
    return [(key, sent_at) for key, sent_at in await database.read(sql, (lane, lane))]


# -- what a messenger tells afterwards -----------------------------------------------------------------------------


def note_report(connection: Connection, adapter: str, native_id: str, rank: int) -> None:
    """Note a report, unless one of a higher rank came before. Its chat may be missing; the messenger's id is enough."""
    sql = "UPDATE delivery SET report = ? WHERE native_id = ? AND native_id <> '' AND report < ? AND lane LIKE ?"
    connection.execute(sql, (rank, native_id, rank, f"{adapter}:%"))


def take_back(connection: Connection, adapter: str, native_id: str, due_at: int, error: str) -> int | None:
    """Open the delivery again that failed late; None when it is none of ours, or was opened before.

    Where a change was told by a new message, it is the change that failed, and not what it changed.
    """
    sql = f"SELECT id, key FROM delivery WHERE native_id = ? AND native_id <> '' AND {_SENT} AND lane LIKE ?"
    found = connection.execute(sql, (native_id, f"{adapter}:%"))
    if not found:
        return None
    id_, key = found[0]
    changed = f"SELECT id FROM delivery WHERE target = ? AND kind = 'edit_or_send' AND {_SENT} ORDER BY id DESC LIMIT 1"
    later = connection.execute(changed, (key,))
    if later:
        mark_failed_late(connection, id_, native_id, DeliveryState.SENT, 0, error)
    reopened: int = later[0][0] if later else id_
    mark_failed_late(connection, reopened, native_id, DeliveryState.OPEN, due_at, error)
    return reopened


def replace_content(connection: Connection, id_: int, content: Content) -> None:
    """Let an open delivery go out at once with other content."""
    connection.execute("UPDATE delivery SET content = ?, due_at = 0 WHERE id = ?", (to_json(content), id_))


def settle_lost(connection: Connection, key: str, native_id: str) -> list[str]:
    """Note that a send whose answer got lost did arrive; returns its lane. Stale news of a failed attempt settles nothing."""
    sql = f"""UPDATE delivery SET {_SENT}, native_id = ? WHERE key = ? AND native_id = '' AND failed_id <> ?
    AND (state = '{DeliveryState.SENDING}' OR (state = '{DeliveryState.OPEN}' AND attempts > 0)) RETURNING lane, target"""
    settled = connection.execute(sql, (native_id, key, native_id))
    for lane, target in settled:
        connection.wake_lane(lane, STATION)
        connection.execute("UPDATE delivery SET native_id = ? WHERE key = ?", (native_id, target))
    return [lane for lane, _ in settled]
