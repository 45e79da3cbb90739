"""What is known of chats: where a person is reached, what is closed to us, and where a chat went."""

import msgspec

from bot.model import Chat

from .database import Connection

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Chat).decode


def move(connection: Connection, chat: Chat, new_id: str) -> str:
    """A chat goes on under another id: rewrite it wherever it stands. Returns the new lane."""
    moved = msgspec.structs.replace(chat, id=new_id)
    old, new, value = chat.key, moved.key, _encode(moved).decode()
    connection.execute("UPDATE delivery SET lane = ?, chat = ? WHERE lane = ?", (new, value, old))
    connection.execute("UPDATE inbox SET lane = ? WHERE lane = ? AND state = 'open' AND adapter = 'pendopo'", (new, old))
    connection.execute("UPDATE dialog SET chat = ? WHERE chat = ?", (new, old))
    for key, args_chat in connection.execute("SELECT key, chat FROM reminder WHERE state = 'waiting'"):
        if _decode(args_chat).key == old:
            connection.execute("UPDATE reminder SET chat = ? WHERE key = ?", (value, key))
    connection.execute("DELETE FROM chat WHERE key = ?", (new,))
    connection.execute("UPDATE chat SET key = ?, chat = ? WHERE key = ?", (new, value, old))
    connection.execute("DELETE FROM forum_chat WHERE chat = ?", (new,))
    connection.execute("UPDATE forum_chat SET chat = ? WHERE chat = ?", (new, old))
    return new


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
