"""The rows of the outbox: what is owed to whom, and what became of it."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from bot.errors import Superseded
from bot.model import Album, Chat, Content, Text

from .database import Connection, Database, Record

encode = msgspec.json.Encoder().encode
_chat = msgspec.json.Decoder(Chat).decode
_content = msgspec.json.Decoder(Content).decode


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970, as the core's tables hold instants."""
    return int(instant.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The instant that `to_ms` put away."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _keys() -> Iterator[str]:
    # Asking the system for randomness costs a switch between threads; one request serves many keys.
    while True:
        letters = secrets.token_urlsafe(12 * 256)
        yield from (letters[at : at + 16] for at in range(0, len(letters), 16))


new_key: Callable[[], str] = _keys().__next__
"""A random key of 96 bits, not to be guessed."""


class ButtonRow(msgspec.Struct, frozen=True):
    """What a button leads to; `args` is JSON-able, `allowed` ids of persons (empty: whoever the policy lets)."""

    token: str
    label: bytes
    route: str
    args: dict[str, Any]
    allowed: Sequence[int]
    group: str
    expires_at: int


class Outgoing(msgspec.Struct, kw_only=True):
    """One delivery to be made. `kind` is send | edit | answer; `target` an edit's delivery key or an answer's press.

    `aside`: it waits for nothing else of its chat.
    """

    key: str
    chat: Chat
    content: Content
    kind: str = "send"
    target: str = ""
    reply_to: str = ""
    locale: str = ""
    aside: bool = False
    buttons: Sequence[ButtonRow] = ()


class Delivery(msgspec.Struct, kw_only=True):
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
    state: str = "open"
    attempts: int = 0
    due_at: int = 0
    part: int = 0
    event_id: int = 0
    """The delivery of the inbox that it answers."""


STATION = "outbox"
ASIDE = "#aside"
"""What the lane of a chat's deliveries is called that wait for none of its others."""
_POST = """INSERT INTO delivery (key, lane, chat, kind, content, target, reply_to, locale, event_id, asked_in, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_BUTTON = """INSERT INTO button (token, delivery, ordinal, label, route, args, allowed, group_key, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_COLUMNS = "id, key, lane, chat, kind, content, target, reply_to, locale, state, attempts, due_at, part, event_id"
_BY_ID = f"SELECT {_COLUMNS} FROM delivery WHERE id = ?"  # noqa: S608  our own columns
_WAITING = "lane = ? AND state IN ('open', 'sending') ORDER BY id LIMIT ?"
_RECENT = """SELECT chat, lane, CASE state WHEN 'sending' THEN 0 ELSE sent_at END, part, content FROM delivery
WHERE id > (SELECT coalesce(min(id), (SELECT max(id) FROM delivery)) FROM delivery WHERE state IN ('open', 'sending')) - 3000
AND (sent_at > ? OR state = 'sending') AND kind <> 'answer' ORDER BY sent_at, id"""
_HEAD = f"SELECT {_COLUMNS} FROM delivery WHERE {_WAITING}"  # noqa: S608  our own columns

_ANSWERS = """SELECT key, kind, target, content, created_at FROM delivery
WHERE substr(lane, 1, 4) = 'web:' AND lane IN (?, ?) AND created_at > ? ORDER BY id DESC LIMIT 40"""


def post(connection: Connection, outgoing: Outgoing, event_id: int, now_ms: int, asked_in: Chat | None = None) -> Delivery:
    """Put a delivery into the outbox, with what its buttons lead to.

    An edit goes to the chat of the message it changes, and that message's older buttons are no longer valid.
    """
    o, chat = outgoing, outgoing.chat
    if o.kind.startswith("edit"):
        found = connection.execute("SELECT chat, locale FROM delivery WHERE key = ?", (o.target,))
        chat = _chat(found[0][0]) if found else chat
        o.locale = found[0][1] if found else o.locale
        # Negative: they are valid again if it turns out that the message cannot be changed.
        sql = "UPDATE button SET expires_at = -expires_at WHERE delivery = ? AND used_at = 0 AND expires_at > 0"
        connection.execute(sql, (o.target,))
    content, lane = encode(o.content).decode(), chat.key + (ASIDE if o.aside else "")
    elsewhere = asked_in is not None and asked_in is not chat and asked_in.key != chat.key
    asker = encode(asked_in).decode() if elsewhere else ""
    places = (o.key, lane, encode(chat).decode(), o.kind, content, o.target, o.reply_to, o.locale, event_id, asker, now_ms)
    id_ = connection.insert(_POST, places) or 0
    connection.wake(lane, STATION)
    owner = o.target if o.kind.startswith("edit") else o.key
    for ordinal, b in enumerate(o.buttons, 1):
        what = (b.label.decode(), b.route, encode(b.args).decode(), encode(b.allowed).decode(), b.group, b.expires_at)
        connection.execute(_BUTTON, (b.token, owner, ordinal, *what))
    return Delivery(
        id=id_,
        key=o.key,
        lane=lane,
        chat=chat,
        kind=o.kind,
        content=o.content,
        target=o.target,
        reply_to=o.reply_to,
        locale=o.locale,
        event_id=event_id,
    )


class Answer(NamedTuple):
    """What was said on somebody's own page of the dashboard."""

    key: str
    kind: str
    target: str
    content: Content
    created_at: int


async def list_answers(database: Database, lanes: tuple[str, str], since_ms: int) -> list[Answer]:
    """What was said lately in the lanes of somebody's own page, the newest first."""
    rows = await database.read(_ANSWERS, (*lanes, since_ms))
    return [Answer(key, kind, target, _content(content), at) for key, kind, target, content, at in rows]


async def read_newest_id(database: Database) -> int:
    """The number of the newest delivery, 0 where there is none."""
    return int((await database.read("SELECT coalesce(max(id), 0) FROM delivery"))[0][0])


async def list_page_lanes(database: Database, after: int, limit: int) -> list[str]:
    """The lanes of people's own pages that later deliveries than this one stand in, in the order of these."""
    sql = "SELECT lane FROM delivery WHERE id > ? AND lane LIKE 'web:%' ORDER BY id LIMIT ?"
    return [row[0] for row in await database.read(sql, (after, limit))]


async def list_live_tokens(database: Database, key: str, now_ms: int) -> set[str]:
    """The tokens of a delivery's buttons that can still be pressed."""
    sql = "SELECT token FROM button WHERE delivery = ? AND used_at = 0 AND expires_at > ?"
    return {row[0] for row in await database.read(sql, (key, now_ms))}


async def head(database: Database, lane: str, limit: int) -> list[Delivery]:
    """The oldest deliveries of a lane that are not settled."""
    rows = await database.read(_HEAD, (lane, limit))
    return [_delivery(row) for row in rows]


async def by_id(database: Database, id_: int) -> Delivery:
    """One row of the outbox, whatever its state."""
    return _delivery((await database.read(_BY_ID, (id_,)))[0])


def _delivery(row: Sequence[Any]) -> Delivery:
    id_, key, lane, chat, kind, content, target, reply_to, locale, state, attempts, due_at, part, event_id = row
    return Delivery(
        id=id_,
        key=key,
        lane=lane,
        chat=_chat(chat),
        kind=kind,
        content=_content(content),
        target=target,
        reply_to=reply_to,
        locale=locale,
        state=state,
        attempts=attempts,
        due_at=due_at,
        part=part,
        event_id=event_id,
    )


def claim(connection: Connection, id_: int) -> None:
    """Note that a send is about to begin; found again after a crash, its outcome is unknown. Raises `Superseded`."""
    sql = "UPDATE delivery SET state = 'sending' WHERE id = ? AND state IN ('open', 'sending') RETURNING id"
    if not connection.execute(sql, (id_,)):
        raise Superseded(f"delivery {id_} is settled already")


def proceed(connection: Connection, id_: int, part: int, now_ms: int) -> None:
    """Note that so many of the messages a delivery becomes are made, and that the next is yet to begin."""
    sql = """UPDATE delivery SET state = 'open', part = ?, attempts = 0, sent_at = ?
    WHERE id = ? AND part < ? AND state IN ('open', 'sending')"""
    connection.execute(sql, (part, now_ms, id_, part))


def release(connection: Connection, id_: int, state: str) -> None:
    """Take back a claim: nothing was sent. `state` is the one before it."""
    connection.execute("UPDATE delivery SET state = ? WHERE id = ? AND state = 'sending'", (state, id_))


async def recent(database: Database, since_ms: int) -> list[tuple[Chat, str, int, int]]:
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
    connection.execute("UPDATE delivery SET content = ? WHERE id = ?", (encode(Text()).decode(), id_))


def settle(connection: Connection, id_: int, native_id: str, choices: str, now_ms: int) -> None:
    """Note that a delivery was made."""
    connection.execute(
        "UPDATE delivery SET state = 'sent', native_id = ?, choices = ?, sent_at = ? WHERE id = ?",
        (native_id, choices, now_ms, id_),
    )


def leave(connection: Connection, delivery: Delivery, now_ms: int) -> None:
    """Note that a message stays as it is: its buttons are still those that people see."""
    settle(connection, delivery.id, "", "", now_ms)
    mine = "delivery = ? AND used_at = 0"
    connection.execute(f"UPDATE button SET expires_at = 1 WHERE {mine} AND expires_at > 0", (delivery.target,))  # noqa: S608
    connection.execute(f"UPDATE button SET expires_at = -expires_at WHERE {mine} AND expires_at < 0", (delivery.target,))  # noqa: S608


def settle_edit(connection: Connection, id_: int, target: str, native_id: str, choices: str, now_ms: int) -> None:
    """Note that a message was changed, or that another took its place: from now on the target's key means that one."""
    connection.execute("UPDATE delivery SET state = 'sent', sent_at = ? WHERE id = ?", (now_ms, id_))
    connection.execute("UPDATE delivery SET native_id = ?, choices = ? WHERE key = ?", (native_id, choices, target))


def postpone(connection: Connection, id_: int, due_at: int, error: str, state: str = "open") -> None:
    """Note a failed attempt, and when to try again; in `state` "sending" an earlier one may have got through."""
    sql = """UPDATE delivery SET state = ?, attempts = attempts + 1, due_at = ?, error = ?
    WHERE id = ? AND state IN ('open', 'sending') RETURNING lane"""
    _wake(connection, connection.execute(sql, (state, due_at, error, id_)))


def failed_late(connection: Connection, id_: int, native_id: str, state: str, due_at: int, error: str) -> None:
    """Note that an attempt that was taken failed all the same: what else is told of it from now on is stale."""
    sql = """UPDATE delivery SET state = ?, failed_id = ?, native_id = '', report = 0, part = 0, due_at = ?, error = ?
    WHERE id = ? RETURNING lane"""
    _wake(connection, connection.execute(sql, (state, native_id, due_at, error, id_)))


def begin_again(connection: Connection, id_: int) -> None:
    """Of the messages a delivery becomes, none counts as made."""
    connection.execute("UPDATE delivery SET part = 0 WHERE id = ?", (id_,))


def bury(connection: Connection, id_: int, error: str, code: str) -> None:
    """Make a delivery a dead letter: visible, and open to being tried again by an operator."""
    sql = "UPDATE delivery SET state = 'dead', error = ?, code = ? WHERE id = ? RETURNING lane"
    _wake(connection, connection.execute(sql, (error, code, id_)))


def bury_private(connection: Connection, person: int, error: str) -> None:
    """Make dead letters of whatever still waits to be told to a person privately."""
    connection.execute(
        """UPDATE delivery SET state = 'dead', error = ?
        WHERE state IN ('open', 'held') AND lane IN (SELECT key FROM chat WHERE person = ?)""",
        (error, person),
    )


def _wake(connection: Connection, lanes: Sequence[Record]) -> None:
    """What stood first in these lanes may do so no longer, or be due earlier."""
    for (lane,) in lanes:
        connection.wake(lane, STATION)
