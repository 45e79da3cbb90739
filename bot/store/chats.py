"""What is known of chats: where a person is reached, what is closed to us, and where a chat went."""

import msgspec

from bot.model import Chat

from .database import Connection

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Chat).decode


def move(connection: Connection, chat: Chat, new_id: str) -> str:
    """A chat goes on under another id: rewrite it wherever it stands. Returns the new lane; doing it again changes nothing.

    Messages of before have other ids there, or none, so what was sent is no longer known by its native id.
    """
    moved = msgspec.structs.replace(chat, id=new_id)
    old, new, value = chat.key, moved.key, _encode(moved).decode()
    connection.execute("UPDATE delivery SET lane = ?, chat = ?, native_id = '' WHERE lane = ?", (new, value, old))
    connection.execute("UPDATE inbox SET lane = ? WHERE lane = ? AND state = 'open' AND adapter = 'pendopo'", (new, old))
    connection.execute("UPDATE dialog SET chat = ? WHERE chat = ?", (new, old))
    for (key,) in connection.execute("SELECT key FROM reminder WHERE state = 'waiting' AND chat LIKE ?", (_begins(chat),)):
        connection.execute("UPDATE reminder SET chat = ? WHERE key = ?", (value, key))
    if connection.execute("SELECT key FROM chat WHERE key = ?", (old,)):
        connection.execute("DELETE FROM chat WHERE key = ?", (new,))
        connection.execute("UPDATE chat SET key = ?, chat = ? WHERE key = ?", (new, value, old))
    if connection.execute("SELECT chat FROM forum_chat WHERE chat = ?", (old,)):
        connection.execute("DELETE FROM forum_chat WHERE chat = ?", (new,))
        connection.execute("UPDATE forum_chat SET chat = ? WHERE chat = ?", (new, old))
    return new


def _begins(chat: Chat) -> str:
    """How the JSON of a chat begins, whatever else is known of it."""
    return _encode({"adapter": chat.adapter, "id": chat.id}).decode().removesuffix("}") + "%"


def close(connection: Connection, key: str) -> None:
    """We may not write to a chat any more."""
    connection.execute("UPDATE chat SET active = 0 WHERE key = ?", (key,))


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
