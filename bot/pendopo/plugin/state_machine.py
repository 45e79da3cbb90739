"""State machines of rows: the allowed moves, each with a line in the audit log."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from pendopo.errors import PluginError, UserError
from pendopo.plugin.engine_api import Scene
from pendopo.plugin.phrases import phrase


class Stateful(Protocol):
    """A row that has a state."""

    id: int | None
    status: str


class StateMachine:
    """The states of a kind of row, and where each may go: `Izin.states.move(ctx, izin, APPROVED, "izin.setujui")`.

    `name` stands before the number of a row in the audit log (`izin/27`). `refusal` is the key of the phrase that refuses a
    move: it takes the row's number as `nomor` and its `status`, a phrase whose key is `words` and the state
    (`izin.status.draf`).
    """

    def __init__(self, name: str, moves: Mapping[str, Collection[str]], *, refusal: str, words: str) -> None:
        if unknown := {to for allowed in moves.values() for to in allowed} - set(moves):
            raise PluginError(f"{name} moves to {min(unknown)!r}, which is no state of it: say where it may go from there")
        self.name = name
        self.moves = moves
        self._refusal = refusal
        self._words = words

    def refused(self, row: Stateful) -> UserError:
        """Returns the error that says in which state a row is."""
        return UserError(self._refusal, nomor=row.id, status=phrase(f"{self._words}.{row.status}"))

    def require(self, row: Stateful, *states: str) -> None:
        """Raises `UserError` unless a row is in one of these states."""
        if row.status not in states:
            raise self.refused(row)

    def enter(self, row: Stateful, to: str) -> str:
        """Puts a row into another state and returns the one before. Raises `UserError` where that is no allowed move."""
        if to not in self.moves[row.status]:
            raise self.refused(row)
        before, row.status = row.status, to
        return before

    def audit(self, ctx: Scene, row: Stateful, before: str, action: str, reason: str = "", **detail: Any) -> None:
        """Audits a move that was made."""
        ctx.audit(action, f"{self.name}/{row.id}", reason, dari=before, ke=row.status, **detail)

    def move(self, ctx: Scene, row: Stateful, to: str, action: str, reason: str = "", **detail: Any) -> None:
        """Puts a row into another state and audits it. Raises `UserError` where that is no allowed move."""
        self.audit(ctx, row, self.enter(row, to), action, reason, **detail)
