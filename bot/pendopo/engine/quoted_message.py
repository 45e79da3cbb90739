"""The message that another one quotes: its key if the bot sent it, its text and its files."""

from pendopo.adapters.contract import Incoming
from pendopo.engine.attachments.ingestion import Ingestion
from pendopo.engine.runtime import Runtime
from pendopo.model import Document, Message, Photo, Text
from pendopo.model.cleaning import clean_texts
from pendopo.store.queries.deliveries import find_delivery, find_key
from pendopo.store.queries.inbox import find_delivered


async def find_quoted_key(runtime: Runtime, message: Message) -> str:
    """Returns the key of the delivery that a message quotes, "" when it quotes none of the bot's."""
    return await find_key(runtime.database, message.chat.key, message.reply_to) if message.reply_to else ""


async def read_quoted_text(runtime: Runtime, message: Message) -> str:
    """Returns the text of a quoted message: as delivered by the messenger, or as the bot sent it."""
    if message.quoted or not message.reply_to:
        return message.quoted
    for event in await _load_quoted(runtime, message):
        if event.text:
            return event.text
    found = await find_delivery(runtime.database, await find_quoted_key(runtime, message))
    said = found.content.said if found is not None and isinstance(found.content, Text) else ()
    return "\n".join(runtime.catalogues.render_text(part, runtime.locale) for part in said)


async def fetch_quoted_files(runtime: Runtime, ingestion: Ingestion, message: Message) -> list[Photo | Document]:
    """Fetches the files of a quoted message that the messenger still has."""
    events = await _load_quoted(runtime, message) if message.reply_to else []
    return [await ingestion.store_unchecked(message.chat.adapter, file) for event in events for file in event.attachments]


async def _load_quoted(runtime: Runtime, message: Message) -> list[Message]:
    """Loads a quoted message as it was delivered; an erased one gives nothing."""
    adapter, lane = message.chat.adapter, message.chat.key
    delivered = await find_delivered(runtime.database, adapter, message.reply_to, lane)
    incoming = [Incoming(message.reply_to, kind, message.chat.id, body, album) for kind, body, album in delivered if body]
    events = [event for one in incoming for event in map(clean_texts, runtime.adapters[adapter].convert(one))]
    return [event for event in events if isinstance(event, Message)]
