"""What can be said, before anybody decides how a messenger shows it.

Content is stored as JSON with sentences by their catalogue key (`Phrase`) and turned into words (`TextRun`) at the moment of
sending, in the recipient's language and within the chat's capabilities.
"""

from typing import Any

from msgspec import Struct


class TextRun(Struct, frozen=True, omit_defaults=True):
    """Literal words in one style. Never parsed for markup, so a person's text cannot forge any."""

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
    """A button on a message. `title` is filled in the reader's language when `label` is rendered."""

    token: str
    label: Phrase
    title: str = ""


class Text(Struct, frozen=True, omit_defaults=True, tag="text"):
    """A message of words: sentences not yet rendered (`said`), or the words themselves (`spans`).

    `menu` is filled when it is rendered: what stands on a button that opens the choices as a list. `secret` words are not kept
    once they are sent.
    """

    said: tuple[Phrase, ...] = ()
    spans: tuple[TextRun, ...] = ()
    buttons: tuple[Choice, ...] = ()
    menu: str = ""
    secret: bool = False

    @property
    def plain(self) -> str:
        """The words without their styles; empty until rendered."""
        return "".join(span.text for span in self.spans)


class Photo(Struct, frozen=True, omit_defaults=True, tag="photo"):
    """A picture we hold (`blob`, SHA-256 hex) with words under it."""

    blob: str
    caption: Text = Text()
    name: str = ""


class Document(Struct, frozen=True, omit_defaults=True, tag="document"):
    """A file we hold, shown under `name`."""

    blob: str
    name: str
    caption: Text = Text()
    mime: str = ""


class Location(Struct, frozen=True, omit_defaults=True, tag="location"):
    """A place on the map, WGS 84 degrees."""

    latitude: float
    longitude: float
    name: str = ""


class Contact(Struct, frozen=True, omit_defaults=True, tag="contact"):
    """Somebody's visiting card."""

    name: str
    phone: str


class Poll(Struct, frozen=True, omit_defaults=True, tag="poll"):
    """A question with options, one choice each."""

    question: Text
    options: tuple[Choice, ...]


class Album(Struct, frozen=True, omit_defaults=True, tag="album"):
    """Several pictures or files as one."""

    items: tuple[Photo | Document, ...]
    caption: Text = Text()


Content = Text | Photo | Document | Location | Contact | Poll | Album
