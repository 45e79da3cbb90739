"""Contexts: what a handler holds, made here with all that the engine lends it."""

from functools import partial

from bot.model import Chat, ChatKind, Event, JobDue, Person
from bot.plugin import Context
from bot.plugin.host import ENGINE, EngineApi, Upkeep
from bot.store import Unit, audit

from . import items, quoting, reaching, refusals, retention, sweep
from .core import Core
from .intake import Intake


class Contexts:
    """Makes the contexts of one bot."""

    def __init__(self, core: Core, intake: Intake) -> None:
        self._core = core
        self._api = EngineApi(
            directory=core.directory,
            database=core.database,
            blobs=core.blobs,
            catalogues=core.catalogues,
            files=intake,
            zone=core.zone,
            work_calendar=core.calendar,
            locale=core.locale,
            site=core.site,
            public_url=core.public_url,
            options=core.chosen,
            messengers=core.adapters,
            followers=core.router.followers,
            offers=core.router.offers,
            route_for=core.router.of,
            encode_arguments=core.router.put_away,
            find_private_chat=partial(reaching.private_chat, core),
            check_reachability=partial(reaching.reach, core),
            find_messenger=partial(reaching.messenger_of, core),
            find_quoted_key=partial(quoting.key, core),
            find_quoted_text=partial(quoting.text, core),
            list_quoted_files=partial(quoting.files, core, intake),
            list_commands=core.usable,
            list_plugins=core.installed,
            find_items=partial(items.items, core.router, core.gate),
            find_last_refusal=partial(refusals.last, core.router, core.gate),
            collect_overviews=partial(items.overviews, core.router, core.gate),
            run_maintenance=partial(run_maintenance, core),
        )

    def open(self, event: Event, person: Person | None) -> Context:
        """The world of one handler, for one event."""
        return Context(self._api, Unit(self._core.database), event, person, self._core.clock.now())

    def open_for(self, name: str) -> Context:
        """A context of nobody, in which a plugin or a feed is asked something: nothing gathered in it is kept."""
        now = self._core.clock.now()
        return self.open(JobDue(key=name, chat=Chat(ENGINE, name, ChatKind.GROUP), at=now, route=name, due=now), None)


async def run_maintenance(core: Core) -> Upkeep:
    """Remove what need not be kept any longer, and name the head of the audit log."""
    removed = await retention.run(core)
    if swept := await sweep.sweep(core):
        removed["file"] = swept
    line, head = await audit.head(core.database)
    return Upkeep(removed, line, head, core.group(core.post_to))
