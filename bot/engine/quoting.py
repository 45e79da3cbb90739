"""What a message answers: its key where it is ours, its words, and its files."""

import msgspec

from bot.adapters.adapter import Incoming
from bot.model import Content, Document, Message, Photo, Text

from .core import Core
from .intake import Intake


async def key(core: Core, message: Message) -> str:
    """The key of the delivery a message quotes, "" when it quotes none of ours."""
    if not message.reply_to:
        return ""
    rows = await core.database.read(
        "SELECT key FROM delivery WHERE lane = ? AND native_id = ? AND native_id <> ''",
        (message.chat.key, message.reply_to),
    )
    return str(rows[0][0]) if rows else ""


async def text(core: Core, message: Message) -> str:
    """The words of a quoted message: as the messenger delivered them, or as we said them ourselves."""
    if message.quoted or not message.reply_to:
        return message.quoted
    for event in await _events(core, message):
        if event.text:
            return event.text
    own = await core.database.read("SELECT content FROM delivery WHERE key = ?", (await key(core, message),))
    content = msgspec.json.decode(own[0][0], type=Content) if own else None
    return "\n".join(core.catalogues.words(said, core.locale) for said in content.said) if isinstance(content, Text) else ""


async def files(core: Core, intake: Intake, message: Message) -> list[Photo | Document]:
    """The files of a quoted message, as far as the messenger still has them."""
    events = await _events(core, message) if message.reply_to else []
    return [await intake.fetch(message.chat.adapter, file) for event in events for file in event.attachments]


async def _events(core: Core, message: Message) -> list[Message]:
    """A quoted message as it was delivered; of an erased one nothing is left."""
    adapter, lane = message.chat.adapter, message.chat.key
    found = await core.database.read(
        "SELECT kind, body, album FROM inbox WHERE adapter = ? AND native_id = ? AND lane = ?",
        (adapter, message.reply_to, lane),
    )
    incoming = [Incoming(message.reply_to, row[0], message.chat.id, bytes(row[1]), row[2]) for row in found if row[1]]
    events = [event for one in incoming for event in core.adapters[adapter].convert(one)]
    return [event for event in events if isinstance(event, Message)]
