"""The keys of chats and lanes in the database; only this module makes and parses them."""

from typing import NamedTuple

_ASIDE = "#aside"


class LaneKey(NamedTuple):
    """A parsed lane key; a lane `aside` holds deliveries of a chat that do not wait for its others."""

    adapter: str
    chat: str
    aside: bool


def format_lane_key(adapter: str, chat: str, aside: bool = False) -> str:
    """Returns the lane of a chat, which is also the chat's key."""
    return f"{adapter}:{chat}{_ASIDE}" if aside else f"{adapter}:{chat}"


def parse_lane_key(key: str) -> LaneKey:
    """Parses a lane key. A chat's id may hold colons, a messenger's name does not."""
    adapter, _, chat = key.removesuffix(_ASIDE).partition(":")
    return LaneKey(adapter, chat, key.endswith(_ASIDE))
