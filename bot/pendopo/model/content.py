"""Content of messages, independent of how a messenger shows it.

Content is stored as JSON with phrases by key (`Phrase`); they become text (`TextRun`) when it is sent, in the recipient's
language and within the chat's capabilities.
"""

from typing import Any

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from pendopo.model.cleaning import clean_file_name


class TextRun(Struct, frozen=True, omit_defaults=True):
    """Literal text in one style. Never parsed for markup, so that a person's text cannot forge any."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


class Phrase(Struct, frozen=True, omit_defaults=True, tag="said"):
    """A sentence of the catalogue: its `key` (`plugin.name`) and JSON-able `args`."""

    key: str
    args: dict[str, Any] = {}


class Choice(Struct, frozen=True, omit_defaults=True):
    """A button on a message. `title` is filled in the reader's language when the message is rendered."""

    token: str
    label: Phrase
    title: str = ""


class Text(Struct, frozen=True, omit_defaults=True, tag="text"):
    """A text message: phrases not rendered yet (`said`), or literal text (`spans`).

    `menu` is filled by rendering: the label that opens the choices as a list. A `secret` text is deleted once it is sent.
    A `quiet` text, or what it is the caption of, rings nobody in quiet hours; an adapter that is given one sends it without a
    sound.
    """

    said: tuple[Phrase, ...] = ()
    spans: tuple[TextRun, ...] = ()
    buttons: tuple[Choice, ...] = ()
    menu: str = ""
    secret: bool = False
    quiet: bool = False

    @property
    def plain(self) -> str:
        """The text without styles; empty until rendered."""
        return "".join(span.text for span in self.spans)


class Photo(Struct, frozen=True, omit_defaults=True, tag="photo"):
    """A stored picture (`blob`: its SHA-256 in hexadecimal) with a caption."""

    blob: str
    caption: Text = Text()
    name: str = ""

    def __post_init__(self) -> None:
        """Makes a name that there is one that any system takes."""
        if self.name and (name := clean_file_name(self.name)) != self.name:
            force_setattr(self, "name", name)


class Document(Struct, frozen=True, omit_defaults=True, tag="document"):
    """A stored file, shown under `name`."""

    blob: str
    name: str
    caption: Text = Text()
    mime: str = ""

    def __post_init__(self) -> None:
        """Makes the name one that any system takes, whatever it was called where it came from."""
        if (name := clean_file_name(self.name, self.mime)) != self.name:
            force_setattr(self, "name", name)


class Location(Struct, frozen=True, omit_defaults=True, tag="location"):
    """A place, in WGS 84 degrees."""

    latitude: float
    longitude: float
    name: str = ""


class Contact(Struct, frozen=True, omit_defaults=True, tag="contact"):
    """A contact card."""

    name: str
    phone: str


class Poll(Struct, frozen=True, omit_defaults=True, tag="poll"):
    """A question with options, one choice each."""

    question: Text
    options: tuple[Choice, ...]


class Album(Struct, frozen=True, omit_defaults=True, tag="album"):
    """Several pictures or files shown as one message."""

    items: tuple[Photo | Document, ...]
    caption: Text = Text()


Content = Text | Photo | Document | Location | Contact | Poll | Album


def is_quiet(content: Content) -> bool:
    """Tells whether content rings nobody in quiet hours."""
    words = getattr(content, "caption", content)
    return isinstance(words, Text) and words.quiet


def make_quiet(content: Content) -> Content:
    """Returns content that rings nobody in quiet hours."""
    if isinstance(content, Text):
        return replace(content, quiet=True)
    if isinstance(content, (Photo, Document, Album)):
        return replace(content, caption=replace(content.caption, quiet=True))
    return content
