"""What is known of chats: where a person is reached, what is closed to us, and where a chat went."""

import msgspec

from bot.model import Chat, JobDue

from .database import Connection

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Chat).decode
_due = msgspec.json.Decoder(JobDue).decode


def move(connection: Connection, chat: Chat, new_id: str) -> str:
    """A chat goes on under another id: rewrite it wherever it stands. Returns the new lane; doing it again changes nothing.

    Messages of before have other ids there, or none, so what was sent is no longer known by its native id.
    """
    moved = msgspec.structs.replace(chat, id=new_id)
    old, new, value, begins = chat.key, moved.key, _encode(moved).decode(), _begins(chat)
    connection.execute("UPDATE delivery SET lane = ?, chat = ?, native_id = '' WHERE lane = ?", (new, value, old))
    waiting = "state IN ('open', 'sending', 'held') AND asked_in LIKE ?"
    connection.execute(f"UPDATE delivery SET asked_in = ? WHERE {waiting}", (value, begins))  # noqa: S608  fixed words
    _move_jobs(connection, old, moved)
    # Whoever was asked something in the new chat already answers there.
    connection.execute("DELETE FROM dialog WHERE chat = ? AND owner IN (SELECT owner FROM dialog WHERE chat = ?)", (old, new))
    connection.execute("UPDATE dialog SET chat = ? WHERE chat = ?", (new, old))
    for (key,) in connection.execute("SELECT key FROM reminder WHERE state = 'waiting' AND chat LIKE ?", (begins,)):
        connection.execute("UPDATE reminder SET chat = ? WHERE key = ?", (value, key))
    if connection.execute("SELECT key FROM chat WHERE key = ?", (old,)):
        connection.execute("DELETE FROM chat WHERE key = ?", (new,))
        connection.execute("UPDATE chat SET key = ?, chat = ?, active = 1 WHERE key = ?", (new, value, old))
    if connection.execute("SELECT chat FROM forum_chat WHERE chat = ?", (old,)):
        connection.execute("DELETE FROM forum_chat WHERE chat = ?", (new,))
        connection.execute("UPDATE forum_chat SET chat = ? WHERE chat = ?", (new, old))
    return new


def _move_jobs(connection: Connection, old: str, moved: Chat) -> None:
    """Plans whose time has come, and which wait for their turn in the old chat's lane."""
    for id_, body in connection.execute(
        "SELECT id, body FROM inbox WHERE lane = ? AND state = 'open' AND adapter = 'pendopo'", (old,)
    ):
        due = msgspec.structs.replace(_due(body), chat=moved)
        connection.execute("UPDATE inbox SET lane = ?, body = ? WHERE id = ?", (moved.key, _encode(due), id_))


def _begins(chat: Chat) -> str:
    """How the JSON of a chat begins, whatever else is known of it."""
    return _encode({"adapter": chat.adapter, "id": chat.id}).decode().removesuffix("}") + "%"


def close(connection: Connection, chat: Chat) -> None:
    """We may not write to a chat any more, also to one where nobody ever wrote."""
    sql = "INSERT INTO chat (key, chat, active) VALUES (?, ?, 0) ON CONFLICT (key) DO UPDATE SET active = 0"
    connection.execute(sql, (chat.key, _encode(chat).decode()))


def open_again(connection: Connection, chat: Chat) -> None:
    """We may write to a chat after all."""
    connection.execute("UPDATE chat SET active = 1 WHERE key = ?", (chat.key,))


def asked_in(connection: Connection, delivery_id: int) -> Chat | None:
    """The chat of the event that a delivery came from."""
    found = connection.execute("SELECT asked_in FROM delivery WHERE id = ?", (delivery_id,))
    return _decode(found[0][0]) if found and found[0][0] else None


def name_of(connection: Connection, chat: Chat) -> str:
    """What a chat is called: the person whose private chat it is, else its title."""
    found = connection.execute("SELECT p.name FROM chat c JOIN person p ON p.id = c.person WHERE c.key = ?", (chat.key,))
    return str(found[0][0]) if found else chat.title or chat.id


def fall_over(connection: Connection, delivery_id: int, lane: str) -> str | None:
    """Give a private delivery to another messenger of its person; returns its lane there, None when there is no other."""
    found = connection.execute("SELECT person FROM chat WHERE key = ? AND person <> 0", (lane,))
    if not found:
        return None
    tried = [*msgspec.json.decode(connection.execute("SELECT tried FROM delivery WHERE id = ?", (delivery_id,))[0][0]), lane]
    sql = "SELECT key, chat FROM chat WHERE person = ? AND active = 1 ORDER BY seen_at DESC"
    for key, chat in connection.execute(sql, (found[0][0],)):
        if key not in tried:
            connection.execute(
                "UPDATE delivery SET lane = ?, chat = ?, tried = ?, state = 'open', attempts = 0, due_at = 0 WHERE id = ?",
                (key, chat, _encode(tried).decode(), delivery_id),
            )
            return str(key)
    return None


def hold(connection: Connection, delivery_id: int, error: str) -> None:
    """Keep a delivery until the person writes again."""
    connection.execute("UPDATE delivery SET state = 'held', error = ? WHERE id = ?", (error, delivery_id))


def release(connection: Connection, lane: str) -> None:
    """The person wrote again: what was held may go."""
    connection.execute("UPDATE delivery SET state = 'open', due_at = 0 WHERE lane = ? AND state = 'held'", (lane,))
