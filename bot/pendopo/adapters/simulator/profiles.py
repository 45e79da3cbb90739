"""The messengers a simulated chat can imitate, and their limits."""

from pendopo.errors import PermanentSendError
from pendopo.model import Album, Capabilities, Choice, Content, Document, Photo, Text

TELEGRAM = Capabilities(buttons=8, edit=True, album=10, styles=True, silent=True, toasts=True, idempotent=True)
WHATSAPP = Capabilities(buttons=3, button_title=20, rows=10, free_hours=24, styles=True, idempotent=True)
WHATSAPP_GROUP = Capabilities(edit=True, styles=True, idempotent=True)
ROW_TITLE = 24
"""Characters in a row of WhatsApp's list menu; a button has 20."""

PROFILES = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "whatsapp_group": WHATSAPP_GROUP}
FOR_PRIVATE = ("telegram", "whatsapp")
FOR_GROUP = ("telegram", "whatsapp_group")


def check_content(content: Content, capabilities: Capabilities) -> None:
    """Raises `PermanentSendError` for content the real messenger would refuse."""
    words = get_words(content)
    limit = capabilities.text if isinstance(content, Text) else capabilities.caption
    if len(words.plain.encode("utf-16-le")) // 2 > limit:
        raise PermanentSendError(f"a text longer than {limit}")
    if isinstance(content, Album) and not 2 <= len(content.items) <= capabilities.album:
        raise PermanentSendError(f"an album of {len(content.items)}, this chat takes {capabilities.album}")
    if words.said and not words.spans:
        raise PermanentSendError("a text that nobody rendered")
    _check_buttons(words.buttons, capabilities)


def fits_buttons(buttons: tuple[Choice, ...], capabilities: Capabilities) -> bool:
    """Whether choices fit under a message as buttons rather than as rows of a list menu."""
    most, longest = capabilities.buttons, capabilities.button_title
    return len(buttons) <= most and all(len(button.title) <= longest for button in buttons)


def _check_buttons(buttons: tuple[Choice, ...], capabilities: Capabilities) -> None:
    if any(not button.title for button in buttons):
        raise PermanentSendError("a button without a title")
    rows = len(buttons) <= capabilities.rows and all(len(button.title) <= ROW_TITLE for button in buttons)
    if not rows and not fits_buttons(buttons, capabilities):
        raise PermanentSendError(f"{len(buttons)} buttons with titles that this chat cannot show")


def get_words(content: Content) -> Text:
    """The words of a content with their buttons; an empty text if it has none."""
    if isinstance(content, Text):
        return content
    return content.caption if isinstance(content, Photo | Document | Album) else Text()
