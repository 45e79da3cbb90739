"""Which messenger a chat pretends to be."""

from bot.errors import Rejected
from bot.model import Album, Capabilities, Choice, Content, Document, Photo, Text

TELEGRAM = Capabilities(buttons=8, edit=True, album=10, styles=True, idempotent=True)
WHATSAPP = Capabilities(buttons=3, button_title=20, rows=10, idempotent=True)
WHATSAPP_GROUP = Capabilities(edit=True, idempotent=True)

PROFILES = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "whatsapp_group": WHATSAPP_GROUP}
FOR_PRIVATE = ("telegram", "whatsapp")
FOR_GROUP = ("telegram", "whatsapp_group")


def check(content: Content, able: Capabilities) -> None:
    """Refuse what the real messenger would refuse. Raises `Rejected`."""
    words = words_of(content)
    limit = able.text if isinstance(content, Text) else able.caption
    if len(words.plain.encode("utf-16-le")) // 2 > limit:
        raise Rejected(f"a text longer than {limit}")
    if isinstance(content, Album) and not 2 <= len(content.items) <= able.album:
        raise Rejected(f"an album of {len(content.items)}, this chat takes {able.album}")
    if words.said and not words.spans:
        raise Rejected("a text that nobody rendered")
    _check_buttons(words.buttons, able)


def _check_buttons(buttons: tuple[Choice, ...], able: Capabilities) -> None:
    if len(buttons) > max(able.buttons, able.rows):
        raise Rejected(f"{len(buttons)} buttons, this chat takes {max(able.buttons, able.rows)}")
    for button in buttons:
        if not 0 < len(button.title) <= able.button_title:
            raise Rejected(f"a button title of {len(button.title)} characters")


def words_of(content: Content) -> Text:
    """The words in a content, with their buttons; empty where there are none."""
    if isinstance(content, Text):
        return content
    return content.caption if isinstance(content, Photo | Document | Album) else Text()
