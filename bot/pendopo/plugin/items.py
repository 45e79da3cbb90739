"""Something of a plugin that people of other plugins speak of by its number: izin 27, laporan 311."""

from collections.abc import Sequence

import msgspec

from pendopo.model import Document, Photo, Phrase
from pendopo.plugin.buttons import Handler, RouteName


class Item(msgspec.Struct, frozen=True):
    """How a thing is shown elsewhere: its `title`, some `lines` about it, the `files` that go with it.

    `key` is "plugin/number". `passed` is a job of its plugin that runs whenever the item is handed on, or an answer comes
    back: it takes `nomor: int, orang: int, selesai: bool`, the number, a person's id, and whether that person is done.
    `route` is the name of that job, given by the engine, for whoever stores it.
    """

    key: str
    title: Phrase
    lines: Sequence[Phrase] = ()
    files: Sequence[Photo | Document] = ()
    passed: Handler | None = None
    route: RouteName | None = None
