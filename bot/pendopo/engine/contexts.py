"""Makes the contexts of handlers, with everything the engine lends them."""

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

    def __init__(
        self, runtime: Runtime, ingestion: Ingestion, run_maintenance: Callable[[], Awaitable[MaintenanceReport]]
    ) -> None:
        self._runtime = runtime
        self._api = EngineApi(
            directory=runtime.directory,
            database=runtime.database,
            blobs=runtime.blobs,
            catalogues=runtime.catalogues,
            files=ingestion,
            zone=runtime.zone,
            work_calendar=runtime.calendar,
            quiet_hours=runtime.quiet_hours,
            locale=runtime.locale,
            public_url=runtime.public_url,
            options=runtime.chosen,
            messengers=runtime.adapters,
            find_site=runtime.find_site,
            followers=runtime.router.followers,
            offers=runtime.router.offers,
            route_for=runtime.router.route_for,
            encode_arguments=runtime.router.encode_arguments,
            find_private_chat=partial(reachability.find_private_chat, runtime),
            check_reachability=partial(reachability.estimate_reach, runtime),
            find_messenger=partial(reachability.find_messenger, runtime),
            find_quoted_key=partial(quoted_message.find_quoted_key, runtime),
            find_quoted_text=partial(quoted_message.read_quoted_text, runtime),
            list_quoted_files=partial(quoted_message.fetch_quoted_files, runtime, ingestion),
            list_commands=runtime.list_commands,
            list_plugins=runtime.list_plugins,
            find_items=partial(plugin_lookup.find_items, runtime.router, runtime.gate),
            find_last_refusal=partial(refusals.find_last_refusal, runtime.router, runtime.gate),
            collect_overviews=partial(plugin_lookup.collect_overviews, runtime.router, runtime.gate),
            run_maintenance=run_maintenance,
            make_world_id=runtime.make_world_id,
        )

    def open(self, event: Event, person: Person | None) -> Context:
        """Makes the context of one handler for one event."""
        return Context(self._api, Unit(self._runtime.database), event, person, self._runtime.clock.now())

    def open_for_plugin(self, name: str) -> Context:
        """Makes a context without a person, to ask a plugin or a feed something. Its effects are not committed."""
        now = self._runtime.clock.now()
        return self.open(JobDue(key=name, chat=Chat(ENGINE, name, ChatKind.GROUP), at=now, route=name, due=now), None)
