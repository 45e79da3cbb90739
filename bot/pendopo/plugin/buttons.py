"""A button: a label of the catalogue and the action it leads to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pendopo.model import Person, Phrase

Handler = Callable[..., Awaitable[None]]
"""A function that a plugin declares by `@plugin.command`, `action` or `job`, or a handle to it (`@plugin.handle`)."""


@dataclass(frozen=True)
class RouteName:
    """The name of a route (`izin.setujui`) as it is stored in a row; whoever writes a target points at the function."""

    name: str


Target = Handler | RouteName


class Button:
    """`Button("izin.setujui", setujui, izin.id)`: touching it runs `setujui` with these arguments.

    The label may also be a `Phrase`, where it has words of its own. Arguments left out are asked for when it is touched.
    `allowed` lists who may touch it, beside the action's policy. Buttons of one message are used up
    together by the first allowed touch, unless they are `reusable`.
    """

    __slots__ = ("allowed", "args", "label", "reusable", "target")

    def __init__(
        self,
        label: str | Phrase,
        target: Target,
        *args: Any,
        allowed: Person | list[Person] | None = None,
        reusable: bool = False,
    ) -> None:
        self.label = label
        self.target = target
        self.args = args
        self.allowed = [allowed] if isinstance(allowed, Person) else allowed or []
        self.reusable = reusable
