"""Buttons: a label of the catalogue and the action it runs."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from pendopo.model import Person, Phrase

Handler = Callable[..., Awaitable[None]]
"""A function that a plugin declares by `@plugin.command`, `action` or `job`, or a handle to it (`@plugin.handle`)."""


class RouteName(Struct, frozen=True):
    """The name of a route (`izin.setujui`) as stored in a row; code that makes buttons points at the function instead."""

    name: str


Target = Handler | RouteName


class Button:
    """`Button("izin.setujui", setujui, izin.id)`: pressing it runs `setujui` with these arguments.

    The label may be a `Phrase`, where it has arguments. Missing arguments are asked for when it is pressed. `allowed` lists who
    may press it, besides the action's policy. The first allowed press uses up all buttons of one message, unless they are
    `reusable`. One that is not `shown` is only for words: whoever it is `allowed` to may type it in answer to the message.
    """

    __slots__ = ("allowed", "args", "label", "reusable", "shown", "target")

    def __init__(
        self,
        label: str | Phrase,
        target: Target,
        *args: Any,
        allowed: Person | list[Person] | None = None,
        reusable: bool = False,
        shown: bool = True,
    ) -> None:
        self.label = label
        self.target = target
        self.args = args
        self.allowed = [allowed] if isinstance(allowed, Person) else allowed or []
        self.reusable = reusable
        self.shown = shown
