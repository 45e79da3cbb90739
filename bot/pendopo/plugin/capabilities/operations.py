"""`ctx.operations`: what operators do from a chat."""

from collections.abc import Callable
from typing import Literal

from pendopo.plugin.engine_api import Effects, EngineApi
from pendopo.store.queries import dead_letters


class Operations:
    """Dead letters and maintenance. The command's policy says who may use them."""

    def __init__(self, api: EngineApi, effects: Effects, audit: Callable[..., None]) -> None:
        self.run_maintenance = api.run_maintenance
        """Removes what has passed its retention, by the configuration and the plugins; a second run removes nothing."""
        self._effects = effects
        self._audit = audit

    def retry_dead_letter(self, box: Literal["inbox", "delivery"], letter: int = 0) -> None:
        """Retries a dead letter (0: all) of the inbox or of the deliveries, with a line in the audit log."""
        self._effects.unit.later.append(lambda connection: dead_letters.reopen_letters(connection, box, letter or ""))
        self._audit("sistem.ulang", box, nomor=letter)
