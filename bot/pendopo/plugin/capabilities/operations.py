"""`ctx.operations`: what operators do from a chat."""

from collections.abc import Callable
from typing import Literal

from pendopo.plugin.engine_api import Effects, EngineApi
from pendopo.store.queries import dead_letters


class Operations:
    """Dead letters and maintenance. Who may do it is for the policy of the command."""

    def __init__(self, api: EngineApi, effects: Effects, audit: Callable[..., None]) -> None:
        self.run_maintenance = api.run_maintenance
        """Remove what need not be kept any longer, as the configuration and the plugins say; a second run removes nothing."""
        self._effects = effects
        self._audit = audit

    def retry_dead_letter(self, box: Literal["inbox", "delivery"], letter: int = 0) -> None:
        """Let a dead letter be tried again (0: all of them): what came in, or what was to be sent. It is in the audit log."""
        self._effects.unit.later.append(lambda connection: dead_letters.reopen_letters(connection, box, letter or ""))
        self._audit("sistem.ulang", box, nomor=letter)
