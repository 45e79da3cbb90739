"""Pictures that were chosen together arrive one by one, and nothing in them says so; this tells which belong together."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pendopo.adapters.whatsapp_cloud.fields import get_object, get_text, parse_timestamp

ALBUM_KINDS = frozenset({"image", "video", "document"})
ALBUM_SECONDS = 3.0
"""WhatsApp sends what was chosen together within about a second."""
REMEMBERED = 5_000


@dataclass
class _OpenAlbum:
    name: str
    last: float
    captioned: bool


class AlbumNamer:
    """Names the album of each file: that of the file before it from the same person, sent within moments of it.

    Two captions never meet in one album, since each may be a command. After a restart a file begins an album of its own.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str], _OpenAlbum] = OrderedDict()
        self._named: OrderedDict[str, str] = OrderedDict()

    def name_album(self, key: str, chat: str, sender: str, message: Mapping[str, Any]) -> str:
        """The album of a message, "" for anything but files. The same message again is in the same album."""
        kind = get_text(message, "type")
        if kind not in ALBUM_KINDS or not sender:
            return ""
        if key in self._named:
            return self._named[key]
        try:
            at = parse_timestamp(message).timestamp()
        except ValueError:
            return ""
        captioned = bool(get_text(get_object(message, kind), "caption"))
        before = self._open.get((chat, sender))
        if before is None or abs(at - before.last) > ALBUM_SECONDS or (captioned and before.captioned):
            before = self._open[chat, sender] = _OpenAlbum(key, at, captioned)
            self._open.move_to_end((chat, sender))
        before.last, before.captioned = max(at, before.last), before.captioned or captioned
        self._named[key] = before.name
        for known in (self._open, self._named):
            if len(known) > REMEMBERED:
                known.popitem(last=False)
        return before.name
