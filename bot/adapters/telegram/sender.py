"""What the bot says, as calls of the Bot API."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from telegram import InputMediaDocument, InputMediaPhoto, LinkPreviewOptions, ReplyParameters

from bot.errors import Ambiguous, Rejected, Retry
from bot.model import Album, Chat, Contact, Content, Document, Location, Photo, Text

from .client import Client
from .errors import NO_PICTURE, NO_TEXT, NO_TOPIC, STALE_FILE, TOO_LATE, UNCHANGED, says
from .fields import Object, words
from .files import Files, Item, as_document
from .html import html
from .keyboard import keyboard

ALBUM = 10
TOAST = 200
"""Characters of an answer to a touched button (Bot API, answerCallbackQuery)."""
QUIET = LinkPreviewOptions(is_disabled=True)

Parameters = Mapping[str, Any]


class Sender:
    """Sends, edits and answers. Everything here raises a `SendError` when Telegram does not take it."""

    def __init__(self, client: Client, files: Files) -> None:
        self._client, self._files = client, files

    async def send(self, chat: Chat, content: Content, reply_to: str = "") -> str:
        """Send content and return the id of its first message. What was meant for a topic that is gone goes to the group."""
        try:
            return await self._send(content, _place(chat) | _reply(reply_to))
        except Rejected as error:
            if not chat.topic or not says(error, *NO_TOPIC):
                raise
            return await self._send(content, _place(msgspec.structs.replace(chat, topic="")) | _reply(reply_to))

    async def _send(self, content: Content, place: Parameters) -> str:
        if isinstance(content, Text):
            return await self._post("sendMessage", dict(place) | _said(content) | {"link_preview_options": QUIET})
        if isinstance(content, Photo | Document):
            return await self._file(place, self._files.fitting(content))
        if isinstance(content, Album):
            return await self._album(place, content)
        if isinstance(content, Location):
            return await self._location(place, content)
        if isinstance(content, Contact):
            return await self._post("sendContact", dict(place) | {"phone_number": content.phone, "first_name": content.name})
        raise Rejected(f"Telegram is not sent a {type(content).__name__}")

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        """Change a message in place; nothing to change is no error."""
        if not native_id.isdigit():
            raise Rejected(f"{native_id!r} is no message of Telegram's")
        message = {"chat_id": _chat_id(chat), "message_id": int(native_id)}
        words = content.caption if isinstance(content, Photo | Document) else content
        if not isinstance(words, Text):
            raise Rejected(f"a {type(content).__name__} cannot be changed")
        if not words.spans:
            await self._change("editMessageReplyMarkup", message | {"reply_markup": keyboard(words.buttons)})
        elif words is content:
            await self._change_text(message, words)
        else:
            await self._change("editMessageCaption", message | _said(words, "caption"))

    async def answer(self, press_key: str, text: str) -> None:
        """Let a touched button stop turning. One touched too long ago (some minutes, or before a restart) is no error."""
        shown = text if len(text) <= TOAST else text[: TOAST - 1] + "…"
        try:
            await self._client.deliver("answerCallbackQuery", True, callback_query_id=press_key, text=shown or None)
        except Rejected as error:
            if not says(error, *TOO_LATE):
                raise

    async def typing(self, chat: Chat) -> None:
        await self._client.deliver("sendChatAction", True, **_place(chat), action="typing")

    # -- one message ---------------------------------------------------------------------------------------------

    async def _post(self, method: str, parameters: Parameters) -> str:
        return _message_id(await self._client.deliver(method, False, **parameters))

    async def _location(self, place: Parameters, content: Location) -> str:
        where = dict(place) | {"latitude": content.latitude, "longitude": content.longitude}
        if not content.name:
            return await self._post("sendLocation", where)
        address = f"{content.latitude:.5f}, {content.longitude:.5f}"  # a venue must have one
        return await self._post("sendVenue", where | {"title": content.name, "address": address})

    async def _file(self, place: Parameters, item: Item) -> str:
        method, field = ("sendPhoto", "photo") if isinstance(item, Photo) else ("sendDocument", "document")
        parameters = (
            dict(place)
            | _said(item.caption, "caption")
            | ({} if field == "photo" else {"disable_content_type_detection": True})
        )
        try:
            message = await self._client.deliver(method, False, **parameters, **{field: await self._files.media(item)})
        except Rejected as error:
            if says(error, *STALE_FILE) and self._files.forget(item):
                return await self._file(place, item)
            if isinstance(item, Photo) and says(error, *NO_PICTURE):
                return await self._file(place, as_document(item))
            raise
        self._files.remember(item, message)
        return _message_id(message)

    # -- several messages ----------------------------------------------------------------------------------------

    async def _album(self, place: Parameters, album: Album) -> str:
        """An album in as few messages as Telegram allows: photos and files do not go together (Bot API, sendMediaGroup)."""
        items = [self._files.fitting(item) for item in album.items]
        groups = [list(group) for _, group in groupby(items, type)]
        groups = [group[at : at + ALBUM] for group in groups for at in range(0, len(group), ALBUM)]
        first = ""
        for number, group in enumerate(groups):
            caption = album.caption if number == 0 else Text()
            try:
                sent = await self._group(place, group, caption)
            except Retry as error:
                if first:
                    raise Ambiguous(f"part {number} of the album was sent: {error}") from None
                raise
            first = first or sent
        return first

    async def _group(self, place: Parameters, items: Sequence[Item], caption: Text) -> str:
        if len(items) == 1:
            return await self._file(place, _with(items[0], caption))
        try:
            media = [await self._medium(item, caption if number == 0 else Text()) for number, item in enumerate(items)]
            messages = await self._client.deliver("sendMediaGroup", False, **place, media=media)
        except Rejected as error:
            if says(error, *STALE_FILE) and self._files.forget(*items):
                return await self._group(place, items, caption)
            raise
        for item, message in zip(items, messages, strict=False):
            self._files.remember(item, message)
        return _message_id(messages[0])

    async def _medium(self, item: Item, caption: Text) -> InputMediaPhoto | InputMediaDocument:
        media = await self._files.media(item, attach=True)
        words = html(caption.spans) or None
        if isinstance(item, Photo):
            return InputMediaPhoto(media, caption=words, parse_mode="HTML")
        return InputMediaDocument(media, caption=words, parse_mode="HTML", disable_content_type_detection=True)

    # -- changes -------------------------------------------------------------------------------------------------

    async def _change_text(self, message: Parameters, words: Text) -> None:
        try:
            await self._change("editMessageText", dict(message) | _said(words) | {"link_preview_options": QUIET})
        except Rejected as error:
            if not says(error, NO_TEXT):
                raise
            await self._change("editMessageCaption", dict(message) | _said(words, "caption"))

    async def _change(self, method: str, parameters: Parameters) -> None:
        try:
            await self._client.deliver(method, True, **parameters)
        except Rejected as error:
            if not says(error, UNCHANGED):
                raise


def _place(chat: Chat) -> dict[str, Any]:
    return {"chat_id": _chat_id(chat), "message_thread_id": int(chat.topic) if chat.topic.isdigit() else None}


def _chat_id(chat: Chat) -> int | str:
    return int(chat.id) if chat.id.lstrip("-").isdigit() else chat.id


def _reply(reply_to: str) -> dict[str, Any]:
    if not reply_to.isdigit():
        return {}
    return {"reply_parameters": ReplyParameters(int(reply_to), allow_sending_without_reply=True)}


def _said(text: Text, field: str = "text") -> dict[str, Any]:
    return {field: html(text.spans) or None, "parse_mode": "HTML", "reply_markup": keyboard(text.buttons)}


def _with(item: Item, caption: Text) -> Item:
    if isinstance(item, Photo):
        return Photo(item.blob, caption, item.name)
    return Document(item.blob, item.name, caption, item.mime)


def _message_id(message: Object) -> str:
    """The id of a message that was sent. One without is none of ours to change, but it was sent."""
    return words(message, "message_id") if isinstance(message, dict) else ""
