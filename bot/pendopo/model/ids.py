"""Keys and instants as the database holds them, made and read here only."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from pendopo.errors import PluginError

_ASIDE = "#aside"
NIGHT = "#night"
"""Ends the key of the lane in which a chat's deliveries wait for the end of the quiet hours."""


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
    adapter, _, chat = key.removesuffix(_ASIDE).removesuffix(NIGHT).partition(":")
    return LaneKey(adapter, chat, key.endswith(_ASIDE))


def _generate_keys() -> Iterator[str]:
    # Asking the system for randomness costs a switch between threads; one request serves many keys.
    while True:
        letters = secrets.token_urlsafe(12 * 256)
        yield from (letters[at : at + 16] for at in range(0, len(letters), 16))


new_key: Callable[[], str] = _generate_keys().__next__
"""A random key of 96 bits, not to be guessed."""


LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for one another when read aloud."""


def new_code(length: int) -> str:
    """A random code for people to read and type, five bits a letter."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def require_zone(instant: datetime) -> datetime:
    """Returns an instant. Raises `PluginError` for a time without a zone, which is another instant on every machine."""
    if instant.utcoffset() is None:
        said = instant.isoformat(" ", "minutes")
        raise PluginError(f"{said} is a time without a zone: say ctx.at(day, clock), or replace(tzinfo=ctx.zone)")
    return instant


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970, as the core's tables hold instants. Raises `PluginError` for a time without a zone."""
    return int(require_zone(instant).timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The instant that `to_ms` put away."""
    return datetime.fromtimestamp(ms / 1000, UTC)
