"""A button: a label of the catalogue and the action it leads to."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model import Person, Said

Handler = Callable[..., Awaitable[None]] | str
"""A handler, or the name of its route (`izin.setujui`) where two modules point at each other."""


class Button:
    """`Button("izin.setujui", setujui, izin.id)`: touching it runs `setujui` with these arguments.

    The label may also be a `Said`, where it has words of its own. Arguments left out are asked for when it is touched. `only`
    lists who may touch it, beside the action's policy. Buttons of one message are used up together by the first allowed touch,
    unless `keep` is set.
    """

    __slots__ = ("args", "keep", "label", "only", "target")

    def __init__(
        self, label: str | Said, target: Handler, *args: Any, only: Person | list[Person] | None = None, keep: bool = False
    ) -> None:
        self.label = label
        self.target = target
        self.args = args
        self.only = [only] if isinstance(only, Person) else only or []
        self.keep = keep
