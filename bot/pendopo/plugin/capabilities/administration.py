"""`ctx.directory` and `ctx.operations`: what administrators and operators do from a chat, and linking accounts."""

from collections.abc import Callable
from typing import Literal

from pendopo.directory.changes import Changes
from pendopo.model import Person
from pendopo.model.ids import to_ms
from pendopo.plugin.engine_api import Effects, EngineApi, Scene
from pendopo.store.queries import accounts, dead_letters


class DirectoryChanges(Changes):
    """Changes of one handler, committed with it: `appoint`, `give_mandate`, `issue_link_code`, each checked and audited."""

    def __init__(self, api: EngineApi, effects: Effects, ctx: Scene) -> None:
        super().__init__(ctx.people, ctx.now, effects.unit.later, ctx.audit)
        self._database = api.database
        self._ctx = ctx

    async def link_account(self, code: str) -> Person | None:
        """Links this event's account to the person a code belongs to. None: the code is invalid, nothing was linked."""
        ctx, now = self._ctx, to_ms(self._now)
        found = await accounts.find_code_owner(self._database, code, now)
        person = ctx.people.find_person(found) if found else None
        if person is not None and ctx.account is not None:
            aliases = ctx.account.aliases
            self._later.append(lambda connection: accounts.use_link_code(connection, code, aliases, now))
            ctx.sender = person
        return person


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
