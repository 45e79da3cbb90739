"""A conversation on a messenger."""

from enum import StrEnum

from msgspec import Struct

from pendopo.model.ids import format_lane_key


class ChatKind(StrEnum):
    """A private chat has one person in it; everything else is a group."""

    PRIVATE = "private"
    GROUP = "group"


class Chat(Struct, frozen=True, omit_defaults=True):
    """One conversation on one messenger; `id` is the messenger's own, `topic` a thread of a forum group or empty."""

    adapter: str
    id: str
    kind: ChatKind = ChatKind.PRIVATE
    title: str = ""
    topic: str = ""

    @property
    def key(self) -> str:
        """`adapter:id`, as directory files and the database name it; topics share their group's key."""
        return format_lane_key(self.adapter, self.id)

    @property
    def private(self) -> bool:
        """Whether this is the bot and one person alone."""
        return self.kind is ChatKind.PRIVATE
