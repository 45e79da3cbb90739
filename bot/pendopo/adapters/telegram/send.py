"""Sends content by calls of the Bot API; choices become an inline keyboard."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)

from pendopo.adapters.foreign_json import JsonObject, get_text
from pendopo.adapters.telegram.api import BotApiClient
from pendopo.adapters.telegram.errors import NO_PICTURE, NO_TEXT, NO_TOPIC, STALE_FILE, TOO_LATE, UNCHANGED, has_phrase
from pendopo.adapters.telegram.markup import format_html
from pendopo.adapters.telegram.media import FileIdCache, FileItem, make_document, make_file_name
from pendopo.errors import PermanentSendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Album, Chat, Choice, Contact, Content, Document, Location, Photo, Text, is_quiet
from pendopo.model.numbers import parse_number

ALBUM_ITEMS = 10
"""Bot API, sendMediaGroup."""
TOAST_LENGTH = 200
"""Characters of the answer to a button press (Bot API, answerCallbackQuery)."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Parameters = Mapping[str, Any]
TOKEN_BYTES = 64
"""Bot API, `InlineKeyboardButton.callback_data`."""
ROW_WIDTHS = ((3, 10), (2, 18))
"""(buttons in a row, most characters of each title): what a phone can show side by side."""


class Sender:
    """Sends and edits messages and answers presses. All methods raise a `SendError` if Telegram refuses."""

    def __init__(self, client: BotApiClient, files: FileIdCache) -> None:
        self._client, self._files = client, files

    async def send(self, chat: Chat, content: Content, reply_to: str = "") -> str:
        """Send content; returns the id of its first message. If its topic is gone, it goes to the group itself."""
        try:
            return await self._send_content(content, _make_place(chat, content, reply_to))
        except PermanentSendError as error:
            if not chat.topic or not has_phrase(error, *NO_TOPIC):
                raise
            return await self._send_content(content, _make_place(msgspec.structs.replace(chat, topic=""), content, reply_to))

    async def _send_content(self, content: Content, place: Parameters) -> str:
        if isinstance(content, Text):
            return await self._post_message(
                "sendMessage", dict(place) | _make_text(content) | {"link_preview_options": NO_PREVIEW}
            )
        if isinstance(content, Photo | Document):
            return await self._send_file(place, self._files.fit_item(content))
        if isinstance(content, Album):
            return await self._send_album(place, content)
        if isinstance(content, Location):
            where = dict(place) | {"latitude": content.latitude, "longitude": content.longitude}
            if not content.name:
                return await self._post_message("sendLocation", where)
            address = f"{content.latitude:.5f}, {content.longitude:.5f}"  # a venue needs an address
            return await self._post_message("sendVenue", where | {"title": content.name, "address": address})
        if isinstance(content, Contact):
            return await self._post_message(
                "sendContact", dict(place) | {"phone_number": content.phone, "first_name": content.name}
            )
        raise PermanentSendError(f"Telegram is not sent a {type(content).__name__}")

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        """Edit a message in place; unchanged content is not an error."""
        if not native_id.isdecimal():
            raise PermanentSendError(f"{native_id!r} is no message of Telegram's")
        message = {"chat_id": _get_chat_id(chat), "message_id": int(native_id)}
        words = content.caption if isinstance(content, Photo | Document) else content
        if not isinstance(words, Text):
            raise PermanentSendError(f"a {type(content).__name__} cannot be changed")
        if not words.spans:
            await self._apply_edit("editMessageReplyMarkup", message | {"reply_markup": make_keyboard(words.buttons)})
        elif words is content:
            await self._edit_text(message, words)
        else:
            await self._apply_edit("editMessageCaption", message | _make_text(words, "caption"))

    async def answer_press(self, press_key: str, text: str) -> None:
        """Stop the button's spinner. A press too old to answer (minutes, or before a restart) is not an error."""
        shown = text if len(text) <= TOAST_LENGTH else text[: TOAST_LENGTH - 1] + "…"
        try:
            await self._client.call_for_delivery("answerCallbackQuery", True, callback_query_id=press_key, text=shown or None)
        except PermanentSendError as error:
            if not has_phrase(error, *TOO_LATE):
                raise

    async def show_typing(self, chat: Chat) -> None:
        """Show "typing" in a chat."""
        await self._client.call_for_delivery("sendChatAction", True, **_make_target(chat), action="typing")

    # -- one message ---------------------------------------------------------------------------------------------

    async def _post_message(self, method: str, parameters: Parameters) -> str:
        return _get_message_id(await self._client.call_for_delivery(method, False, **parameters))

    async def _send_file(self, place: Parameters, item: FileItem) -> str:
        method, field = ("sendPhoto", "photo") if isinstance(item, Photo) else ("sendDocument", "document")
        parameters = (
            dict(place)
            | _make_text(item.caption, "caption")
            | ({} if field == "photo" else {"disable_content_type_detection": True})
        )
        try:
            message = await self._client.call_for_delivery(method, False, **parameters, **{field: await self._make_media(item)})
        except PermanentSendError as error:
            if has_phrase(error, *STALE_FILE) and self._files.forget_ids(item):
                return await self._send_file(place, item)
            if isinstance(item, Photo) and has_phrase(error, *NO_PICTURE):
                return await self._send_file(place, make_document(item))
            raise
        self._files.remember_id(item, message)
        return _get_message_id(message)

    # -- several messages ----------------------------------------------------------------------------------------

    async def _send_album(self, place: Parameters, album: Album) -> str:
        """Send an album in as few messages as possible: photos and documents cannot be mixed (Bot API, sendMediaGroup)."""
        items = [self._files.fit_item(item) for item in album.items]
        groups = [list(group) for _, group in groupby(items, type)]
        groups = [group[at : at + ALBUM_ITEMS] for group in groups for at in range(0, len(group), ALBUM_ITEMS)]
        first = ""
        for number, group in enumerate(groups):
            caption = album.caption if number == 0 else Text()
            try:
                sent = await self._send_media_group(place, group, caption)
            except TemporarySendError as error:
                if first:
                    raise UnknownOutcomeError(f"part {number} of the album was sent: {error}") from None
                raise
            first = first or sent
        return first

    async def _send_media_group(self, place: Parameters, items: Sequence[FileItem], caption: Text) -> str:
        if len(items) == 1:
            return await self._send_file(place, _set_caption(items[0], caption))
        try:
            media = [await self._make_medium(item, caption if number == 0 else Text()) for number, item in enumerate(items)]
            messages = await self._client.call_for_delivery("sendMediaGroup", False, **place, media=media)
        except PermanentSendError as error:
            if has_phrase(error, *STALE_FILE) and self._files.forget_ids(*items):
                return await self._send_media_group(place, items, caption)
            raise
        sent = messages if isinstance(messages, list) else []
        for item, message in zip(items, sent, strict=False):
            self._files.remember_id(item, message)
        return _get_message_id(sent[0] if sent else {})

    async def _make_media(self, item: FileItem, attach: bool = False) -> str | InputFile:
        """The file for a call: its id, or its bytes (`attach` for items of a media group)."""
        if known := self._files.get_file_id(item):
            return known
        return InputFile(await self._files.read_file(item), filename=make_file_name(item), attach=attach)

    async def _make_medium(self, item: FileItem, caption: Text) -> InputMediaPhoto | InputMediaDocument:
        media = await self._make_media(item, attach=True)
        words = format_html(caption.spans) or None
        if isinstance(item, Photo):
            return InputMediaPhoto(media, caption=words, parse_mode="HTML")
        return InputMediaDocument(media, caption=words, parse_mode="HTML", disable_content_type_detection=True)

    # -- changes -------------------------------------------------------------------------------------------------

    async def _edit_text(self, message: Parameters, words: Text) -> None:
        try:
            await self._apply_edit("editMessageText", dict(message) | _make_text(words) | {"link_preview_options": NO_PREVIEW})
        except PermanentSendError as error:
            if not has_phrase(error, NO_TEXT):
                raise
            await self._apply_edit("editMessageCaption", dict(message) | _make_text(words, "caption"))

    async def _apply_edit(self, method: str, parameters: Parameters) -> None:
        try:
            await self._client.call_for_delivery(method, True, **parameters)
        except PermanentSendError as error:
            if not has_phrase(error, UNCHANGED):
                raise


def _make_target(chat: Chat) -> dict[str, Any]:
    return {"chat_id": _get_chat_id(chat), "message_thread_id": parse_number(chat.topic)}


def _make_place(chat: Chat, content: Content, reply_to: str) -> dict[str, Any]:
    silent = {"disable_notification": True} if is_quiet(content) else {}
    return _make_target(chat) | _make_reply(reply_to) | silent


def _get_chat_id(chat: Chat) -> int | str:
    return int(chat.id) if chat.id.lstrip("-").isdecimal() else chat.id


def _make_reply(reply_to: str) -> dict[str, Any]:
    if not reply_to.isdecimal():
        return {}
    return {"reply_parameters": ReplyParameters(int(reply_to), allow_sending_without_reply=True)}


def _make_text(text: Text, field: str = "text") -> dict[str, Any]:
    return {field: format_html(text.spans) or None, "parse_mode": "HTML", "reply_markup": make_keyboard(text.buttons)}


def _set_caption(item: FileItem, caption: Text) -> FileItem:
    if isinstance(item, Photo):
        return Photo(item.blob, caption, item.name)
    return Document(item.blob, item.name, caption, item.mime)


def _get_message_id(message: JsonObject) -> str:
    """The id of a sent message; "" if the answer lacks it: the message was sent, but cannot be edited."""
    return get_text(message, "message_id") if isinstance(message, dict) else ""


def make_keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """The keyboard under a message, None without choices. Raises `PermanentSendError` for a token that is too long."""
    for choice in choices:
        if not 1 <= len(choice.token.encode()) <= TOKEN_BYTES:
            raise PermanentSendError(f"a button's token has 1 to {TOKEN_BYTES} bytes, not {len(choice.token.encode())}")
    if not choices:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(c.title, callback_data=c.token) for c in row] for row in split_rows(choices)]
    )


def split_rows(choices: Sequence[Choice]) -> Iterator[Sequence[Choice]]:
    """Split choices into rows of one to three, as their titles allow."""
    start = 0
    while start < len(choices):
        count = next((n for n, width in ROW_WIDTHS if _fits_row(choices[start : start + n], n, width)), 1)
        yield choices[start : start + count]
        start += count


def _fits_row(row: Sequence[Choice], count: int, width: int) -> bool:
    return len(row) == count and all(len(choice.title) <= width for choice in row)
