"""Looks after the session while the bot runs: how it is, and whose hidden numbers are whose."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.errors import Rejected, SendError

from .fields import find, words
from .gateway import Gateway
from .ids import canonical
from .people import Known
from .state import WORKING, State

log = structlog.get_logger(__name__)
PROBE = 30.0
"""Seconds between two looks at the session."""
PATIENCE = 3.0
"""Seconds an answer may take: a delivery may wait for it."""
PAGE = 500


class Watch:
    """Asks the gateway, now and then and when there is something to ask."""

    def __init__(self, gateway: Gateway, state: State, known: Known, now: Callable[[], datetime]) -> None:
        self._gateway, self._state, self._known, self._now = gateway, state, known, now
        self._wanted: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._listed = False

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await self.probe()
            with suppress(TimeoutError):
                async with asyncio.timeout(PROBE):
                    await self._answer_wants()

    def want(self, lids: Iterable[str]) -> None:
        """Have these looked up soon, for the next time they say something."""
        if missing := self._known.to_ask(lids, self._now().timestamp()):
            self._wanted.update(dict.fromkeys(missing))
            self._wake.set()

    async def look_up(self, lids: Iterable[str]) -> None:
        """Ask whose numbers these are. One the gateway does not know is nobody; one it did not answer for is asked again."""
        for lid in self._known.to_ask(lids, self._now().timestamp()):
            self._wanted.pop(lid, None)
            try:
                found = await self._gateway.get(self._gateway.path("lids", lid), PATIENCE)
            except Rejected:
                found = None
            except SendError as error:
                log.warning("a hidden number could not be looked up", event_name="waha_lid_failed", error=str(error))
                continue
            self._learn(lid, canonical(find(found, "pn")))

    async def probe(self) -> None:
        """Ask how the session is; and once, while it works, for all the hidden numbers the gateway knows."""
        try:
            found = await self._gateway.get("/api/server/version", PATIENCE)
            self._state.environment(words(found, "engine"), words(found, "version"))
            session = await self._gateway.get(f"/api/sessions/{self._gateway.session}", PATIENCE)
            self.session(words(session, "status"))
            if not self._listed and self._state.status == WORKING:
                await self._list()
                self._listed = True
        except SendError as error:
            log.warning("the gateway does not answer as it should", event_name="waha_probe_failed", error=str(error))

    def session(self, status: str) -> None:
        """The session said how it is."""
        if status == WORKING:
            self._state.works(self._now())
        elif status:
            self._state.status = status

    async def _answer_wants(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self.look_up(list(self._wanted))

    async def _list(self) -> None:
        offset, count = 0, PAGE
        while count == PAGE:
            page = await self._gateway.get(self._gateway.path("lids"), limit=PAGE, offset=offset)
            count = len(page) if isinstance(page, list) else 0
            offset += PAGE
            for each in page if count else ():
                if (phone := canonical(find(each, "pn"))).endswith("@c.us"):
                    self._known.learn(canonical(find(each, "lid")), phone)

    def _learn(self, lid: str, phone: str) -> None:
        if phone.endswith("@c.us"):
            self._known.learn(lid, phone)
        else:
            if lid not in self._known.nobody:
                log.warning("a sender hides their number and is nobody here", event_name="waha_nobody", lid=lid)
            self._known.unknown(lid, self._now().timestamp())
