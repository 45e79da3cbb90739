"""What people do on their phones: each act becomes the updates that Telegram would send."""

import itertools
from collections.abc import Sequence
from typing import Any

from .server import BotApi
from .state import BOT, Posted, Room

HANDLE = str(BOT["username"])
HIDDEN = 1087968824


class People:
    """The hands of everybody in the chats of one server."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._numbers = itertools.count(1)

    async def says(
        self,
        user: int,
        chat: int,
        text: str = "",
        *,
        reply_to: int = 0,
        thread: int = 0,
        photos: Sequence[bytes] = (),
        document: tuple[str, bytes] | None = None,
        place: tuple[float, float] | None = None,
        grouped: bool = True,
        **more: Any,
    ) -> list[int]:
        """Write in a chat; several photos are an album, with the text under the last one. Returns the ids of the messages."""
        state = self._api.state
        files = [state.keep("photo", data) for data in photos]
        files += [state.keep("document", document[1], document[0])] if document else []
        album = f"people-{next(self._numbers)}" if grouped and len(files) > 1 else ""
        ids = []
        room = state.rooms[chat]
        for number, file in enumerate(files or [None]):
            last = number == max(len(files) - 1, 0)
            post = Posted(next(room.numbers), user, text if last else "", file=file, place=place, album=album)
            post.reply_to, post.thread = reply_to, thread
            post.entities = _entities(post.text)
            ids.append(await self._post(room, post, more))
        return ids

    async def says_hidden(self, chat: int, text: str, channel: str = "", *, reply_to: int = 0) -> int:
        """Write under the name of the group, or of a channel of one's own. Returns the id of the message."""
        room = self._api.state.rooms[chat]
        user = {"id": 136817688 if channel else 1087968824, "is_bot": True, "first_name": "Channel" if channel else "Group"}
        name = {"id": -1009000000001, "type": "channel", "title": channel} if channel else room.native
        post = Posted(next(room.numbers), BOT["id"], text, reply_to=reply_to)
        post.by = HIDDEN
        self._api.state.users[HIDDEN] = user
        post.entities = _entities(text)
        return await self._post(room, post, {"sender_chat": name})

    async def adds_photo(self, user: int, chat: int, data: bytes, album: str, text: str = "") -> int:
        """One more photo of an album, however late it comes."""
        room = self._api.state.rooms[chat]
        post = Posted(next(room.numbers), user, text, file=self._api.state.keep("photo", data), album=album)
        return await self._post(room, post, {})

    async def touches(self, user: int, chat: int, message: int, title: str) -> str:
        """Touch a button by its title; returns the id of the touch."""
        post = self._api.state.rooms[chat].posts[message]
        found = [button["callback_data"] for button in post.buttons if button["text"] == title]
        assert found, f"there is no button {title!r}, only {[button['text'] for button in post.buttons]}"
        return await self.sends_token(user, chat, message, found[0])

    async def sends_token(self, user: int, chat: int, message: int, token: str) -> str:
        """A touch with any token, real or forged."""
        state = self._api.state
        query = f"43560020170667{next(self._numbers):05}"
        state.queries[query] = user
        room = state.rooms[chat]
        shown = state.native(room, room.posts[message], self._api.now())
        touch = {"id": query, "from": state.users[user], "message": shown, "chat_instance": "-86", "data": token}
        await self._api.put("callback_query", touch)
        return query

    async def blocks(self, user: int) -> None:
        """Block the bot."""
        room = self._api.state.rooms[user]
        room.closed = "Forbidden: bot was blocked by the user"
        await self._api.put("my_chat_member", self._change(user, room, "kicked", "member"))

    async def unblocks(self, user: int) -> None:
        """Let the bot write again."""
        room = self._api.state.rooms[user]
        room.closed = ""
        await self._api.put("my_chat_member", self._change(user, room, "member", "kicked"))

    async def upgrades(self, user: int, chat: int, new: int) -> None:
        """Make a group a supergroup; the three updates come in the order they really do."""
        state = self._api.state
        old = state.rooms[chat]
        state.group(new, old.native["title"])
        old.moved = new
        await self._api.put("my_chat_member", self._change(user, state.rooms[new], "member", "left"))
        date = self._api.now()
        message = {"message_id": next(old.numbers), "from": state.users[user], "chat": old.native, "date": date}
        await self._api.put("message", message | {"migrate_to_chat_id": new})
        room = state.rooms[new]
        service = {"message_id": next(room.numbers), "sender_chat": room.native, "chat": room.native, "date": date}
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        await self._api.put("message", service | {"from": anonymous, "migrate_from_chat_id": chat})

    def _change(self, user: int, room: Room, new: str, old: str) -> dict[str, Any]:
        states = {"new_chat_member": {"user": BOT, "status": new}, "old_chat_member": {"user": BOT, "status": old}}
        return {"chat": room.native, "from": self._api.state.users[user], "date": self._api.now(), **states}

    async def _post(self, room: Room, post: Posted, more: dict[str, Any]) -> int:
        room.posts[post.id] = post
        await self._api.put("message", self._api.state.native(room, post, self._api.now()) | more)
        return post.id


def _entities(text: str) -> list[dict[str, Any]]:
    """The entities that a client would add for a mention of the bot."""
    at = text.find(f"@{HANDLE}")
    if at < 0:
        return []
    return [{"type": "mention", "offset": len(text[:at].encode("utf-16-le")) // 2, "length": len(HANDLE) + 1}]
