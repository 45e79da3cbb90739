"""What is known of chats: where a person is reached, what is closed to us, and where a chat went."""

import msgspec

from pendopo.model import Chat, JobDue
from pendopo.store.database import Connection, Database, to_json
from pendopo.store.queries import deliveries, inbox
from pendopo.store.tables import DeliveryState, InboxState, ReminderState

REACHED = "key NOT LIKE 'web:%'"
"""Where a person can be told something: not on their page of the dashboard, which they may not have open."""
MOVABLE = ("send", "edit_or_send")
"""Kinds of deliveries that may as well be made in another chat of the same person."""

_SEEN = """INSERT INTO chat (key, chat, person, seen_at) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET chat = excluded.chat, person = excluded.person, seen_at = excluded.seen_at, active = 1"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Chat).decode
_due = msgspec.json.Decoder(JobDue).decode


def move_chat(connection: Connection, chat: Chat, new_id: str) -> str:
    """A chat goes on under another id: rewrite it wherever it stands. Returns the new lane; doing it again changes nothing.

    Messages of before have other ids there, or none, so what was sent is no longer known by its native id.
    """
    moved = msgspec.structs.replace(chat, id=new_id)
    old, new, value, begins = chat.key, moved.key, to_json(moved), stored_pattern(chat)
    connection.execute("UPDATE delivery SET lane = ?, chat = ?, native_id = '' WHERE lane = ?", (new, value, old))
    waiting = f"state IN ('{DeliveryState.OPEN}', '{DeliveryState.SENDING}', '{DeliveryState.HELD}') AND asked_in LIKE ?"
    connection.execute(f"UPDATE delivery SET asked_in = ? WHERE {waiting}", (value, begins))
    # Plans whose time has come, and which wait for their turn in the old chat's lane.
    for id_, body in connection.execute(
        f"SELECT id, body FROM inbox WHERE lane = ? AND state = '{InboxState.OPEN}' AND adapter = 'pendopo'", (old,)
    ):
        due = msgspec.structs.replace(_due(body), chat=moved)
        connection.execute("UPDATE inbox SET lane = ?, body = ? WHERE id = ?", (moved.key, _encode(due), id_))
        connection.wake_lane(moved.key, inbox.STATION)
    # Whoever was asked something in the new chat already answers there.
    connection.execute("DELETE FROM dialog WHERE chat = ? AND owner IN (SELECT owner FROM dialog WHERE chat = ?)", (old, new))
    connection.execute("UPDATE dialog SET chat = ? WHERE chat = ?", (new, old))
    for (key,) in connection.execute(
        f"SELECT key FROM reminder WHERE state = '{ReminderState.WAITING}' AND chat LIKE ?", (begins,)
    ):
        connection.execute("UPDATE reminder SET chat = ? WHERE key = ?", (value, key))
    if connection.execute("SELECT key FROM chat WHERE key = ?", (old,)):
        connection.execute("DELETE FROM chat WHERE key = ?", (new,))
        connection.execute("UPDATE chat SET key = ?, chat = ?, active = 1 WHERE key = ?", (new, value, old))
    if connection.execute("SELECT chat FROM forum_chat WHERE chat = ?", (old,)):
        connection.execute("DELETE FROM forum_chat WHERE chat = ?", (new,))
        connection.execute("UPDATE forum_chat SET chat = ? WHERE chat = ?", (new, old))
    known = {row[0] for row in connection.execute("SELECT plugin FROM plugin_off WHERE chat = ?", (new,))}
    for (plugin,) in connection.execute("DELETE FROM plugin_off WHERE chat = ? RETURNING plugin", (old,)):
        if plugin not in known:
            connection.execute("INSERT INTO plugin_off (chat, plugin) VALUES (?, ?)", (new, plugin))
    connection.wake_lane(new, deliveries.STATION)
    return new


async def list_switched_off(database: Database) -> dict[str, frozenset[str]]:
    """The plugins that are switched off, by the key of the chat."""
    off: dict[str, frozenset[str]] = {}
    for chat, plugin in await database.read("SELECT chat, plugin FROM plugin_off"):
        off[chat] = off.get(chat, frozenset()) | {plugin}
    return off


def switch_plugin(connection: Connection, key: str, plugin: str, on: bool) -> None:
    """Switch a plugin on or off in one chat."""
    sql = "INSERT INTO plugin_off (chat, plugin) VALUES (?, ?) ON CONFLICT (chat, plugin) DO NOTHING"
    if on:
        sql = "DELETE FROM plugin_off WHERE chat = ? AND plugin = ?"
    connection.execute(sql, (key, plugin))


def stored_pattern(chat: Chat) -> str:
    """How the JSON of a chat begins, whatever else is known of it."""
    return to_json({"adapter": chat.adapter, "id": chat.id}).removesuffix("}") + "%"


def note_private_chat(connection: Connection, chat: Chat, person: int) -> None:
    """A private chat in which its person has said nothing yet."""
    connection.execute(
        """INSERT INTO chat (key, chat, person, seen_at) VALUES (?, ?, ?, 0)
        ON CONFLICT (key) DO UPDATE SET person = excluded.person WHERE chat.person = 0""",
        (chat.key, to_json(chat), person),
    )


def leave_private_chat(connection: Connection, key: str, error: str) -> None:
    """A chat is no longer anybody's private one: what waits there for a person is a dead letter."""
    deliveries.bury_waiting(connection, key, error)
    connection.execute("UPDATE chat SET person = 0 WHERE key = ?", (key,))


def note_seen(connection: Connection, chat: Chat, person: int, now_ms: int) -> None:
    """Note that somebody wrote in a chat; `person` is whose private chat it is, 0 for a group."""
    connection.execute(_SEEN, (chat.key, to_json(chat), person, now_ms))


async def find_chats_of(database: Database, person: int) -> list[tuple[Chat, int]]:
    """The private chats in which a person is reached, the one used last first, with when (milliseconds) that was."""
    sql = f"SELECT chat, seen_at FROM chat WHERE person = ? AND active = 1 AND {REACHED} ORDER BY seen_at DESC"
    return [(_decode(chat), seen_at) for chat, seen_at in await database.read(sql, (person,))]


async def find_owner(database: Database, key: str) -> int | None:
    """The person whose private chat this is, 0 for a group; None where nobody ever wrote."""
    return await database.read_first(int, "SELECT person FROM chat WHERE key = ?", key)


async def find_last_seen(database: Database, key: str) -> int | None:
    """When (milliseconds) somebody last wrote in a chat."""
    return await database.read_first(int, "SELECT seen_at FROM chat WHERE key = ?", key)


async def is_closed(database: Database, key: str) -> bool:
    """Whether we were found to be shut out of a chat."""
    return bool(await database.read("SELECT 1 FROM chat WHERE key = ? AND active = 0", (key,)))


def close_chat(connection: Connection, chat: Chat) -> None:
    """We may not write to a chat any more, also to one where nobody ever wrote."""
    connection.notify_processes("closed", chat.key)
    sql = "INSERT INTO chat (key, chat, active) VALUES (?, ?, 0) ON CONFLICT (key) DO UPDATE SET active = 0"
    connection.execute(sql, (chat.key, to_json(chat)))


def reopen_chat(connection: Connection, chat: Chat) -> None:
    """We may write to a chat after all."""
    connection.execute("UPDATE chat SET active = 1 WHERE key = ?", (chat.key,))


def asked_in(connection: Connection, delivery_id: int) -> Chat | None:
    """The chat of the event that a delivery came from."""
    found = connection.execute("SELECT asked_in FROM delivery WHERE id = ?", (delivery_id,))
    return _decode(found[0][0]) if found and found[0][0] else None


def name_of(connection: Connection, chat: Chat) -> str:
    """What a chat is called: the person whose private chat it is, else its title; "" where nobody gave it one."""
    sql = "SELECT p.name FROM chat c JOIN person p ON p.id = c.person WHERE c.key = ?"
    return connection.read_first(str, sql, chat.key) or chat.title


def reroute_delivery(connection: Connection, delivery_id: int, lane: str) -> str | None:
    """Give a private delivery to another messenger of its person; returns its lane there, None when there is no other."""
    found = connection.execute("SELECT person FROM chat WHERE key = ? AND person <> 0", (lane,))
    if not found:
        return None
    tried = [*msgspec.json.decode(connection.execute("SELECT tried FROM delivery WHERE id = ?", (delivery_id,))[0][0]), lane]
    sql = f"SELECT key, chat FROM chat WHERE person = ? AND active = 1 AND {REACHED} ORDER BY seen_at DESC"
    for key, chat in connection.execute(sql, (found[0][0],)):
        if key not in tried:
            _hand_over(connection, delivery_id, key, chat, tried)
            return str(key)
    return None


def _hand_over(connection: Connection, delivery_id: int, key: str, chat: str, tried: list[str]) -> None:
    """Put a delivery into another chat: what it quotes is not there, and the message it changes goes on there as a new one."""
    connection.execute(
        f"""UPDATE delivery SET lane = ?, chat = ?, tried = ?, state = '{DeliveryState.OPEN}', attempts = 0, due_at = 0,
        reply_to = '', native_id = '', report = 0, part = 0 WHERE id = ?""",
        (key, chat, to_json(tried), delivery_id),
    )
    connection.wake_lane(key, deliveries.STATION)
    for (target,) in connection.execute("SELECT target FROM delivery WHERE id = ? AND target <> ''", (delivery_id,)):
        connection.execute(
            f"UPDATE delivery SET lane = ?, chat = ?, native_id = '' WHERE key = ? AND state = '{DeliveryState.SENT}'",
            (key, chat, target),
        )


def hold_delivery(connection: Connection, delivery_id: int, error: str) -> None:
    """Keep a delivery until the person writes again."""
    sql = f"UPDATE delivery SET state = '{DeliveryState.HELD}', error = ? WHERE id = ? RETURNING lane"
    for (lane,) in connection.execute(sql, (error, delivery_id)):
        connection.wake_lane(lane, deliveries.STATION)
        connection.notify_processes("held", lane)


def release_held(connection: Connection, chat: Chat, person: int) -> list[str]:
    """Somebody wrote here: what was held here may go, and what is held for this person elsewhere comes here (0: a group).

    Returns the lanes that hold nothing for them any more.
    """
    held_here = f"lane = ? AND state = '{DeliveryState.HELD}'"
    sql = f"UPDATE delivery SET state = '{DeliveryState.OPEN}', due_at = 0 WHERE {held_here} RETURNING lane"
    lanes = [row[0] for row in connection.execute(sql, (chat.key,))]
    if lanes:
        connection.wake_lane(chat.key, deliveries.STATION)
    if not person:
        return lanes
    held = f"""SELECT d.id, d.lane, d.kind FROM delivery d JOIN chat c ON c.key = d.lane
    WHERE d.state = '{DeliveryState.HELD}' AND c.person = ? ORDER BY d.id"""
    for id_, lane, kind in connection.execute(held, (person,)):
        if kind in MOVABLE:
            _hand_over(connection, id_, chat.key, to_json(chat), [lane])
            lanes.append(lane)
    return lanes
