"""Looks after the session while the bot runs: how it is, and whose hidden numbers are whose."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

import structlog

from pendopo.adapters.waha.api import Gateway
from pendopo.adapters.waha.fields import find_value, get_text
from pendopo.adapters.waha.health import WORKING, SessionHealth
from pendopo.adapters.waha.ids import normalise_jid
from pendopo.adapters.waha.people import LidCache
from pendopo.errors import PermanentSendError, SendError

log = structlog.get_logger(__name__)
PROBE_SECONDS = 30.0
"""Seconds between two looks at the session."""
ANSWER_SECONDS = 3.0
"""Seconds an answer may take: a delivery may wait for it."""
PAGE_SIZE = 500


class SessionWatch:
    """Asks the gateway, now and then and when there is something to ask."""

    def __init__(self, gateway: Gateway, state: SessionHealth, known: LidCache, now: Callable[[], datetime]) -> None:
        self._gateway, self._state, self._known, self._now = gateway, state, known, now
        self._wanted: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._listed = False

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await self.probe_session()
            with suppress(TimeoutError):
                async with asyncio.timeout(PROBE_SECONDS):
                    await self._process_lookups()

    def request_lookup(self, lids: Iterable[str]) -> None:
        """Have these looked up soon, for the next time they say something."""
        if missing := self._known.select_to_ask(lids, self._now().timestamp()):
            self._wanted.update(dict.fromkeys(missing))
            self._wake.set()

    async def look_up_lids(self, lids: Iterable[str]) -> None:
        """Ask whose numbers these are. One the gateway does not know is nobody; one it did not answer for is asked again."""
        for lid in self._known.select_to_ask(lids, self._now().timestamp()):
            self._wanted.pop(lid, None)
            try:
                found = await self._gateway.get(self._gateway.make_path("lids", lid), ANSWER_SECONDS)
            except PermanentSendError:
                found = None
            except SendError as error:
                log.warning("a hidden number could not be looked up", event_name="waha_lid_failed", error=str(error))
                continue
            self._record_lookup(lid, normalise_jid(find_value(found, "pn")))

    async def probe_session(self) -> None:
        """Ask how the session is; and once, while it works, for all the hidden numbers the gateway knows."""
        try:
            found = await self._gateway.get("/api/server/version", ANSWER_SECONDS)
            self._state.set_environment(get_text(found, "engine"), get_text(found, "version"))
            session = await self._gateway.get(f"/api/sessions/{self._gateway.session}", ANSWER_SECONDS)
            self.set_status(get_text(session, "status"))
            if not self._listed and self._state.status == WORKING:
                await self._learn_all()
                self._listed = True
        except SendError as error:
            log.warning("the gateway does not answer as it should", event_name="waha_probe_failed", error=str(error))

    def set_status(self, status: str) -> None:
        """The session said how it is."""
        if status == WORKING:
            self._state.note_working(self._now())
        elif status:
            self._state.status = status

    async def _process_lookups(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.look_up_lids(list(self._wanted))

    async def _learn_all(self) -> None:
        offset, count = 0, PAGE_SIZE
        while count == PAGE_SIZE:
            page = await self._gateway.get(self._gateway.make_path("lids"), limit=PAGE_SIZE, offset=offset)
            count = len(page) if isinstance(page, list) else 0
            offset += PAGE_SIZE
            for each in page if count else ():
                if (phone := normalise_jid(find_value(each, "pn"))).endswith("@c.us"):
                    self._known.learn_phone(normalise_jid(find_value(each, "lid")), phone)

    def _record_lookup(self, lid: str, phone: str) -> None:
        if phone.endswith("@c.us"):
            self._known.learn_phone(lid, phone)
        else:
            if lid not in self._known.nobody:
                log.warning("a sender hides their number and is nobody here", event_name="waha_nobody", lid=lid)
            self._known.mark_unknown(lid, self._now().timestamp())
