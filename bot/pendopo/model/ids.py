"""The keys of chats and lanes in the database, made and read here only."""

from typing import NamedTuple

_ASIDE = "#aside"


class LaneKey(NamedTuple):
    """What the key of a lane says; a lane `aside` holds a chat's deliveries that wait for none of its others."""

    adapter: str
    chat: str
    aside: bool


def format_lane_key(adapter: str, chat: str, aside: bool = False) -> str:
    """The lane of a chat, which is also the chat's own key."""
    return f"{adapter}:{chat}{_ASIDE}" if aside else f"{adapter}:{chat}"


def parse_lane_key(key: str) -> LaneKey:
    """The messenger and the chat of a lane. A chat's id may hold colons, a messenger's name does not."""
    adapter, _, chat = key.removesuffix(_ASIDE).partition(":")
    return LaneKey(adapter, chat, key.endswith(_ASIDE))
