"""The methods that bots call, with the refusals of the real server in its own words."""

import itertools
import re
from collections.abc import Mapping
from typing import Any

from .markup import parse, units
from .schema import BadRequest
from .state import BOT, Posted, Room, State, Stored

TEXT, CAPTION, TOAST, PHOTO, DOWNLOAD = 4096, 1024, 200, 10_000_000, 20_000_000
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
ACTIONS = frozenset({"typing", "upload_photo", "upload_document", "find_location", "record_voice", "upload_voice"})
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
NO_FILE = "Bad Request: wrong file identifier/HTTP URL specified"

Parameters = Mapping[str, Any]


class Calls:
    """Carries out calls whose parameters are of the right types."""

    def __init__(self, state: State, now: Any) -> None:
        self._state, self._now = state, now
        self._albums = itertools.count(1)

    def run(self, method: str, given: Parameters) -> Any:
        """The result of a call. Raises `BadRequest`."""
        return getattr(self, method)(given)

    def room(self, given: Parameters) -> Room:
        """The chat a call is for. Raises `BadRequest` when the bot may not write there."""
        room = self._state.rooms.get(given["chat_id"])
        if room is None:
            raise BadRequest("Bad Request: chat not found")
        if room.moved:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise BadRequest(text, migrate_to_chat_id=room.moved)
        if room.closed:
            raise BadRequest(room.closed, status=403)
        return room

    # -- sending -------------------------------------------------------------------------------------------------

    def sendMessage(self, given: Parameters) -> Any:  # noqa: N802  the Bot API's names
        return self._post(given, **self._words(given, "text", TEXT))

    def sendPhoto(self, given: Parameters) -> Any:  # noqa: N802
        return self._post(given, file=self._file(given, given["photo"], "photo"), **self._words(given, "caption", CAPTION))

    def sendDocument(self, given: Parameters) -> Any:  # noqa: N802
        return self._post(
            given, file=self._file(given, given["document"], "document"), **self._words(given, "caption", CAPTION)
        )

    def sendLocation(self, given: Parameters) -> Any:  # noqa: N802
        return self._post(given, place=_place(given))

    def sendVenue(self, given: Parameters) -> Any:  # noqa: N802
        return self._post(given, place=_place(given), venue=given["title"])

    def sendContact(self, given: Parameters) -> Any:  # noqa: N802
        return self._post(given, contact=(given["first_name"], given["phone_number"]))

    def sendMediaGroup(self, given: Parameters) -> Any:  # noqa: N802
        media = given["media"]
        if not 2 <= len(media) <= 10:
            raise BadRequest("Bad Request: group send must include 2-10 items")
        if {item["type"] for item in media} not in ({"photo"}, {"document"}):
            raise BadRequest("Bad Request: documents and photos can't be mixed in an album")
        if "reply_markup" in given:
            raise BadRequest("Bad Request: an album has no keyboard")
        album = f"album-{next(self._albums)}"
        files = [self._file(given, item["media"], item["type"]) for item in media]
        words = [self._words(item, "caption", CAPTION) for item in media]
        return [self._post(given, file=file, album=album, **word) for file, word in zip(files, words, strict=True)]

    def _post(self, given: Parameters, **what: Any) -> Any:
        room = self.room(given)
        thread = given.get("message_thread_id", 0)
        if thread and thread not in room.threads:
            raise BadRequest("Bad Request: message thread not found")
        reply = given.get("reply_parameters", {})
        reply_to = reply.get("message_id", 0)
        if reply_to and reply_to not in room.posts:
            if not reply.get("allow_sending_without_reply"):
                raise BadRequest("Bad Request: message to be replied not found")
            reply_to = 0
        post = Posted(next(room.numbers), BOT["id"], reply_to=reply_to, thread=thread, keyboard=keyboard(given), **what)
        room.posts[post.id] = post
        return self._state.native(room, post, self._now())

    def _words(self, given: Parameters, field: str, most: int) -> dict[str, Any]:
        raw = given.get(field, "")
        text, entities = _entities(given, raw, "entities" if field == "text" else "caption_entities")
        if field == "text" and not text.strip():
            raise BadRequest("Bad Request: message text is empty")
        if units(text) > most:
            raise BadRequest(
                "Bad Request: message is too long" if field == "text" else "Bad Request: message caption is too long"
            )
        return {"text": text, "entities": entities}

    def _file(self, given: Parameters, value: Any, kind: str) -> Stored:
        if isinstance(value, str) and value.startswith("attach://"):
            if value not in given:
                raise BadRequest("Bad Request: there is no such part of the form")
            value = given[value]
        if isinstance(value, str):
            known = self._state.files.get(value)
            if known is None or known.kind != kind:
                raise BadRequest(NO_FILE)
            return known
        name, data = value
        if not data:
            raise BadRequest("Bad Request: file must be non-empty")
        if kind == "photo" and len(data) > PHOTO:
            raise BadRequest("Bad Request: file is too big for a photo")
        if kind == "photo" and not data.startswith(PICTURES):
            raise BadRequest("Bad Request: IMAGE_PROCESS_FAILED")
        return self._state.keep(kind, data, name)

    # -- changing ------------------------------------------------------------------------------------------------

    def editMessageText(self, given: Parameters) -> Any:  # noqa: N802
        room, post = self._mine(given)
        if post.file or post.place or post.contact:
            raise BadRequest("Bad Request: there is no text in the message to edit")
        return self._change(room, post, given, self._words(given, "text", TEXT))

    def editMessageCaption(self, given: Parameters) -> Any:  # noqa: N802
        room, post = self._mine(given)
        if not post.file:
            raise BadRequest("Bad Request: there is no caption in the message to edit")
        return self._change(room, post, given, self._words(given, "caption", CAPTION))

    def editMessageReplyMarkup(self, given: Parameters) -> Any:  # noqa: N802
        room, post = self._mine(given)
        return self._change(room, post, given, {"text": post.text, "entities": post.entities})

    def _mine(self, given: Parameters) -> tuple[Room, Posted]:
        room = self.room(given)
        post = room.posts.get(given["message_id"])
        if post is None:
            raise BadRequest("Bad Request: message to edit not found")
        if post.by != BOT["id"]:
            raise BadRequest("Bad Request: message can't be edited")
        return room, post

    def _change(self, room: Room, post: Posted, given: Parameters, words: dict[str, Any]) -> Any:
        rows = keyboard(given)
        if (post.text, post.entities, post.keyboard) == (words["text"], words["entities"], rows):
            raise BadRequest(SAME)
        post.text, post.entities, post.keyboard, post.edits = words["text"], words["entities"], rows, post.edits + 1
        return self._state.native(room, post, self._now())

    def answerCallbackQuery(self, given: Parameters) -> Any:  # noqa: N802
        if len(given.get("text", "")) > TOAST:
            raise BadRequest("Bad Request: MESSAGE_TOO_LONG")
        if given["callback_query_id"] not in self._state.queries:
            raise BadRequest(OLD)
        self._state.toasts.append((given["callback_query_id"], given.get("text", "")))
        return True

    def sendChatAction(self, given: Parameters) -> Any:  # noqa: N802
        room = self.room(given)
        if given["action"] not in ACTIONS:
            raise BadRequest("Bad Request: wrong parameter action in request")
        if given.get("message_thread_id", 0) not in room.threads | {0}:
            raise BadRequest("Bad Request: message thread not found")
        room.actions += 1
        return True

    # -- the bot itself ------------------------------------------------------------------------------------------

    def getFile(self, given: Parameters) -> Any:  # noqa: N802
        file = self._state.files.get(given["file_id"])
        if file is None:
            raise BadRequest("Bad Request: invalid file_id")
        if len(file.data) > DOWNLOAD:
            raise BadRequest("Bad Request: file is too big")
        return {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}", "file_path": f"{file.kind}s/{file.file_id}"}

    def getMyCommands(self, given: Parameters) -> Any:  # noqa: N802
        return self._state.commands.get(_scope(given), [])

    def setMyCommands(self, given: Parameters) -> Any:  # noqa: N802
        if len(given["commands"]) > 100:
            raise BadRequest("Bad Request: BOT_COMMANDS_TOO_MUCH")
        for each in given["commands"]:
            if not COMMAND.fullmatch(each["command"]):
                raise BadRequest("Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(each["description"]) <= 256:
                raise BadRequest("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self._state.commands[_scope(given)] = given["commands"]
        return True

    def deleteMyCommands(self, given: Parameters) -> Any:  # noqa: N802
        self._state.commands.pop(_scope(given), None)
        return True


def keyboard(given: Parameters) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard. Raises `BadRequest` beyond the limits."""
    rows: list[list[dict[str, Any]]] = given.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if any(not 1 <= len(row) <= 8 for row in rows) or len(buttons) > 100:
        raise BadRequest("Bad Request: reply markup is too long")
    for button in buttons:
        if not button["text"] or ("callback_data" in button) == ("url" in button):
            raise BadRequest(
                "Bad Request: can't parse inline keyboard button: text buttons are unallowed in the inline keyboard"
            )
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            raise BadRequest("Bad Request: BUTTON_DATA_INVALID")
    return rows


def _entities(given: Parameters, raw: str, field: str) -> tuple[str, list[dict[str, Any]]]:
    """The text and what is marked in it, by a markup language or by offsets."""
    if given.get("parse_mode"):
        if given["parse_mode"] != "HTML":
            raise BadRequest("Bad Request: unsupported parse_mode")
        return parse(raw)
    marked = list(given.get(field, []))
    data = raw.encode("utf-16-le")
    for entity in marked:
        begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        if not 0 <= begin < end <= len(data):
            raise BadRequest(
                f"Bad Request: entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text"
            )
        if any(0xDC <= data[at + 1] <= 0xDF for at in (begin, end) if at < len(data)):
            raise BadRequest("Bad Request: entity beginning in the middle of a UTF-16 symbol")
    return raw, marked


def _place(given: Parameters) -> tuple[float, float]:
    if not (-90 <= given["latitude"] <= 90 and -180 <= given["longitude"] <= 180):
        raise BadRequest("Bad Request: wrong location")
    return given["latitude"], given["longitude"]


def _scope(given: Parameters) -> tuple[str, str]:
    return given.get("scope", {}).get("type", "default"), given.get("language_code", "")
