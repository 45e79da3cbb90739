"""`ctx.directory`: what administrators change in the directory, and the linking of accounts."""

from typing import TYPE_CHECKING

from pendopo.directory import account_links
from pendopo.directory.changes import Changes
from pendopo.model import Person
from pendopo.plugin.effects import Effects
from pendopo.plugin.engine_api import EngineApi
from pendopo.store.queries.deliveries import to_ms

if TYPE_CHECKING:
    from pendopo.plugin.context import Context


class DirectoryChanges(Changes):
    """Changes of one handler, committed with it: `appoint`, `give_mandate`, `issue_link_code`, each checked and audited."""

    def __init__(self, api: EngineApi, effects: Effects, ctx: "Context") -> None:
        super().__init__(ctx.people, ctx.now, effects.unit.later, ctx.audit)
        self._database = api.database
        self._ctx = ctx

    async def link_account(self, code: str) -> Person | None:
        """Link the account of this event to whom a code belongs. None: the code is not valid, and nothing was linked."""
        ctx, now = self._ctx, to_ms(self._now)
        found = await account_links.find_code_owner(self._database, code, now)
        person = ctx.people.find_person(found) if found else None
        if person is not None and ctx.account is not None:
            aliases = ctx.account.aliases
            self._later.append(lambda connection: account_links.link_account(connection, code, aliases, now))
            ctx.sender = person
        return person
