"""Gathers albums in the inbox: messengers deliver them as single messages without an end mark."""

from collections.abc import Sequence

import msgspec

from pendopo.model import Event, Message
from pendopo.store.queries.inbox import InboxRow

QUIET_MS = 1000
"""An album is complete when nothing of it came for this long,"""
AT_MOST_MS = 5000
"""or when its first part is this old."""
GUESSED = "same:"
"""Prefix of an album key that an adapter guessed, since the messenger named no album."""


def collect_parts(rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Returns the rows that belong to the first one: itself, or all parts of its album so far."""
    first = rows[0]
    return [row for row in rows if row.album == first.album] if first.album else [first]


def complete_at(album: Sequence[InboxRow]) -> int:
    """Returns when an album may be taken as complete (milliseconds); 0 for a single message."""
    if not album[0].album:
        return 0
    latest = max(row.received_at for row in album)
    return min(latest + QUIET_MS, min(row.received_at for row in album) + AT_MOST_MS)


def merge_album(events: Sequence[Event]) -> list[Event]:
    """Merges the parts of an album into one message, with all files and any caption; other events stay as they are."""
    messages = [event for event in events if isinstance(event, Message) and event.album]
    if len(messages) < 2 or len({message.album for message in messages}) > 1:
        return list(events)
    texts = [message.text for message in messages if message.text]
    if len(texts) > 1 and messages[0].album.startswith(GUESSED):
        return list(events)  # separate messages sent at once: they only looked like an album
    first = messages[0]
    whole = msgspec.structs.replace(
        first,
        text="\n".join(texts),
        attachments=tuple(file for message in messages for file in message.attachments),
        mentions=tuple(mention for message in messages for mention in message.mentions),
        reply_to=next((message.reply_to for message in messages if message.reply_to), ""),
        addressed=any(message.addressed for message in messages),
    )
    return [whole, *(event for event in events if event not in messages)]


def continue_album(handled: Sequence[Event], events: Sequence[Event]) -> list[Event]:
    """Links late parts to their handled album. When the first text comes late, the album is delivered again, whole."""
    parts = [event for event in handled if isinstance(event, Message)]
    return [_continue_event(parts, event) if parts and isinstance(event, Message) else event for event in events]


def _continue_event(parts: Sequence[Message], event: Message) -> Event:
    first, has_text = parts[0], any(part.text for part in parts)
    if not event.text or (has_text and not event.album.startswith(GUESSED)):
        return msgspec.structs.replace(event, continues=first.key)
    if has_text:
        return event  # a message of its own
    (whole,) = merge_album([*parts, event])
    return msgspec.structs.replace(whole, continues=first.key)
