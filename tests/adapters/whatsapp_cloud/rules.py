"""What the Graph API takes in a message, and nothing else: an unknown field is a misspelt one."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

PHONE_DIGITS = (5, 20)


class Refused(Exception):
    """An answer with an error in it."""

    def __init__(self, code: int, details: str, status: int = 400) -> None:
        super().__init__(f"{code} {details}")
        self.code, self.details, self.status = code, details, status


def require(good: Any, details: str, code: int = 131009) -> None:
    if not good:
        raise Refused(code, details)


def fields(of: Any, needed: Collection[str], allowed: Collection[str] = ()) -> Mapping[str, Any]:
    """An object with all of `needed` and nothing beyond `allowed`."""
    if not isinstance(of, dict):
        raise Refused(131009, "an object was expected")
    for name in needed:
        require(name in of, f"{name} is missing", 131008)
    for name in of:
        require(name in needed or name in allowed, f"unknown field {name}", 100)
    return of


def words(of: Mapping[str, Any], name: str, most: int, least: int = 1) -> str:
    value = of.get(name)
    if not isinstance(value, str):
        raise Refused(131009, f"{name} is no text")
    # WhatsApp counts as JavaScript does.
    size = len(value.encode("utf-16-le", "surrogatepass")) // 2
    require(least <= size <= most and (not least or value.strip()), f"{name} has {size} letters")
    return value


Media = Mapping[str, str]
"""The mime type of each uploaded file by its id."""


class Message:
    """Checks one body of POST /messages. `known` are message ids that may be quoted."""

    def __init__(self, body: Any, media: Media, known: Collection[str]) -> None:
        self._media, self._known = media, known
        require(isinstance(body, dict), "no JSON object", 100)
        require(body.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp", 100)
        self.body: Mapping[str, Any] = body

    def check(self) -> str:
        """Returns the chat it is for. Raises `Refused`."""
        kind = self.body.get("type", "text")
        check = self._kinds.get(kind)
        require(check is not None, f"unsupported type {kind}", 131051)
        shared = ("recipient_type", "to", "recipient", "context", "biz_opaque_callback_data", "type")
        fields(self.body, ("messaging_product", kind), shared)
        chat = self._recipient(kind)
        if "context" in self.body:
            quoted = fields(self.body["context"], ("message_id",))["message_id"]
            require(quoted in self._known, f"no message {quoted}")
        if "biz_opaque_callback_data" in self.body:
            words(self.body, "biz_opaque_callback_data", 512)
        assert check is not None
        check(self, self.body[kind])
        return chat

    def _recipient(self, kind: str) -> str:
        if self.body.get("recipient_type", "individual") == "group":
            require(kind in ("text", "image", "document", "video", "audio", "template"), "not in groups", 131215)
            return words(self.body, "to", 200)
        if "to" in self.body:
            to = words(self.body, "to", PHONE_DIGITS[1], PHONE_DIGITS[0])
            require(to.isdigit(), "to is no phone number")
            return to
        require("recipient" in self.body, "to is missing", 131008)
        user = words(self.body, "recipient", 140)
        require(user[:2].isupper() and user[2:3] == ".", "recipient is no user id")
        return user

    def _text(self, text: Any) -> None:
        fields(text, ("body",), ("preview_url",))
        words(text, "body", 4096)

    def _image(self, image: Any) -> None:
        self._file(image, ("caption",), ("image/jpeg", "image/png"))

    def _document(self, document: Any) -> None:
        self._file(document, ("caption", "filename"), ())

    def _file(self, file: Any, more: Collection[str], mimes: Collection[str]) -> None:
        fields(file, ("id",), more)
        require(file["id"] in self._media, f"no media {file['id']}", 131053)
        require(not mimes or self._media[file["id"]] in mimes, "wrong type of media", 131053)
        if "caption" in file:
            words(file, "caption", 1024)

    def _location(self, place: Any) -> None:
        fields(place, ("latitude", "longitude"), ("name", "address"))
        require(-90 <= place["latitude"] <= 90 and -180 <= place["longitude"] <= 180, "not on Earth")

    def _contacts(self, cards: Any) -> None:
        require(isinstance(cards, list) and cards, "no contacts")
        for card in cards:
            fields(card, ("name",), ("phones",))
            fields(card["name"], ("formatted_name",), ("first_name", "last_name"))
            require(len(card["name"]) > 1, "a name needs a second part")
            for phone in card.get("phones", []):
                words(fields(phone, ("phone",), ("type", "wa_id")), "phone", 30)

    def _interactive(self, shown: Any) -> None:
        fields(shown, ("type", "body", "action"), ("header", "footer"))
        words(fields(shown["body"], ("text",)), "text", 1024)
        if shown["type"] == "button":
            self._buttons(shown)
        elif shown["type"] == "list":
            require("header" not in shown, "a list takes no picture")
            self._list(shown["action"])
        else:
            raise Refused(131009, "neither button nor list")

    def _buttons(self, shown: Mapping[str, Any]) -> None:
        if "header" in shown:
            kind = shown["header"].get("type")
            require(kind in ("image", "document"), "no such header")
            fields(shown["header"], ("type", kind))
            self._file(shown["header"][kind], ("filename",), ("image/jpeg", "image/png") if kind == "image" else ())
        buttons = fields(shown["action"], ("buttons",))["buttons"]
        require(1 <= len(buttons) <= 3, f"{len(buttons)} buttons")
        for button in buttons:
            require(fields(button, ("type", "reply"))["type"] == "reply", "no reply button")
            words(fields(button["reply"], ("id", "title")), "id", 256)
            words(button["reply"], "title", 20)
        titles = [button["reply"]["title"] for button in buttons]
        require(len(set(titles)) == len(titles), "titles must differ")

    def _list(self, action: Any) -> None:
        words(fields(action, ("button", "sections")), "button", 20)
        rows = [row for section in action["sections"] for row in fields(section, ("rows",), ("title",))["rows"]]
        require(1 <= len(rows) <= 10, f"{len(rows)} rows")
        for row in rows:
            words(fields(row, ("id", "title"), ("description",)), "id", 200)
            words(row, "title", 24)

    def _template(self, template: Any) -> None:
        fields(template, ("name", "language"), ("components",))
        require(template["name"] == "kabar", f"no template {template['name']}", 132001)
        require(template["language"] == {"code": "id"}, "not in this language", 132001)
        [body] = template.get("components", [{}])
        [variable] = body.get("parameters", [{}])
        text = words(variable, "text", 1024)
        require(not set("\n\t") & set(text) and " " * 5 not in text, "no line breaks in a variable", 132018)

    _kinds: Mapping[str, Callable[["Message", Any], None]] = {
        "text": _text,
        "image": _image,
        "document": _document,
        "location": _location,
        "contacts": _contacts,
        "interactive": _interactive,
        "template": _template,
    }
