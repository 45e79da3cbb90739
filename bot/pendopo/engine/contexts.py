"""Contexts: what a handler holds, made here with all that the engine lends it."""

from collections.abc import Awaitable, Callable
from functools import partial

from pendopo.engine import quoted_message
from pendopo.engine.attachments.ingestion import Ingestion
from pendopo.engine.outbound import reachability
from pendopo.engine.routing import plugin_lookup, refusals
from pendopo.engine.runtime import Runtime
from pendopo.model import Chat, ChatKind, Event, JobDue, Person
from pendopo.plugin import Context
from pendopo.plugin.engine_api import EngineApi
from pendopo.plugin.values import ENGINE, MaintenanceReport
from pendopo.store import Unit


class ContextFactory:
    """Makes the contexts of one bot."""

    def __init__(self, core: Runtime, intake: Ingestion, run_maintenance: Callable[[], Awaitable[MaintenanceReport]]) -> None:
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
            route_for=core.router.route_for,
            encode_arguments=core.router.encode_arguments,
            find_private_chat=partial(reachability.find_private_chat, core),
            check_reachability=partial(reachability.estimate_reach, core),
            find_messenger=partial(reachability.find_messenger, core),
            find_quoted_key=partial(quoted_message.find_quoted_key, core),
            find_quoted_text=partial(quoted_message.read_quoted_text, core),
            list_quoted_files=partial(quoted_message.fetch_quoted_files, core, intake),
            list_commands=core.list_commands,
            list_plugins=core.list_plugins,
            find_items=partial(plugin_lookup.find_items, core.router, core.gate),
            find_last_refusal=partial(refusals.find_last_refusal, core.router, core.gate),
            collect_overviews=partial(plugin_lookup.collect_overviews, core.router, core.gate),
            run_maintenance=run_maintenance,
        )

    def open(self, event: Event, person: Person | None) -> Context:
        """The world of one handler, for one event."""
        return Context(self._api, Unit(self._core.database), event, person, self._core.clock.now())

    def open_for_plugin(self, name: str) -> Context:
        """A context of nobody, in which a plugin or a feed is asked something: nothing gathered in it is kept."""
        now = self._core.clock.now()
        return self.open(JobDue(key=name, chat=Chat(ENGINE, name, ChatKind.GROUP), at=now, route=name, due=now), None)
