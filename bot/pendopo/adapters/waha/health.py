"""The last known state of the gateway, and the watch that probes its session and looks up hidden numbers."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

import structlog

from pendopo.adapters.contract import AdapterHealth
from pendopo.adapters.foreign_json import find_value, get_text
from pendopo.adapters.waha.api import KEY_REFUSED, NOT_WORKING, UNREACHABLE, Gateway
from pendopo.adapters.waha.ids import LidCache, normalise_jid
from pendopo.errors import PermanentSendError, SendError
from pendopo.model.numbers import parse_number

log = structlog.get_logger(__name__)
WORKING = "WORKING"
SAFE_ENGINES = frozenset({"GOWS", "NOWEB"})
"""Engines that send under a message id of ours,"""
SAFE_SINCE = (2026, 4, 3)
"""since this version of WAHA."""
DEAF_SECONDS = 300.0
"""Seconds without any event after a message to a person that mean events get lost (WAHA issue #2151)."""
PROBE_SECONDS = 30.0
"""Seconds between two probes of the session."""
ANSWER_SECONDS = 3.0
"""Seconds an answer may take; short, since a delivery may be waiting for it."""
PAGE_SIZE = 500
MOST_LISTED = 50_000
"""Hidden numbers that are listed at most, so that a gateway which gives the same page for ever is left at last."""


class SessionHealth:
    """Health by calls, events and the websocket. `silence` is the seconds without an event after which it is noted."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._engine, self._version = "", ""
        self._fault, self._detail = "", ""
        self.status = ""
        self.refused = 0
        self.connected = True
        self.heard_at: datetime | None = None
        self._unconfirmed_since: datetime | None = None
        self.since: datetime | None = None

    def record_call(self, fault: str, detail: str) -> None:
        """Record the result of a call; `fault` is "" or the fault of the whole gateway."""
        self._fault, self._detail = fault, detail
        if fault == NOT_WORKING:
            self.status = detail or "STOPPED"

    def note_event(self, at: datetime) -> None:
        """Record that an event arrived."""
        self.heard_at, self._unconfirmed_since = at, None

    def note_sent(self, at: datetime) -> None:
        """Record a message to a person, for which an event should arrive within seconds."""
        self._unconfirmed_since = self._unconfirmed_since or at

    def set_environment(self, engine: str, version: str) -> None:
        """Record the engine and version of the gateway; "" keeps the known ones."""
        self._engine, self._version = engine or self._engine, version or self._version

    def note_working(self, at: datetime) -> None:
        """Record that a message was sent, or that the session reports WORKING."""
        if self.status != WORKING:
            self.status, self.since = WORKING, at

    @property
    def repeatable(self) -> bool:
        """Whether sending twice under the same id results in one message."""
        return self._engine in SAFE_ENGINES and _parse_version(self._version) >= SAFE_SINCE

    def get_health(self, now: datetime, notes: list[str]) -> AdapterHealth:
        """The overall health. `notes` are shown to the operator too, but do not make it unhealthy."""
        faults = self._list_faults(now)
        heard = -1.0 if self.heard_at is None else max(0.0, (now - self.heard_at).total_seconds())
        quiet = (now - max(filter(None, (self.heard_at, self.since)), default=now)).total_seconds()
        if not faults and quiet >= self._silence:
            # GOWS stopped emitting events while its session stayed WORKING (WAHA issue #2151).
            notes = [f"WORKING, and nothing heard for {int(quiet // 60)} minutes: does the gateway still deliver?", *notes]
        if self.refused:
            notes = [*notes, f"{self.refused} requests with a wrong signature"]
        return AdapterHealth(not faults, heard, "; ".join([*faults, *notes]))

    def _list_faults(self, now: datetime) -> list[str]:
        wrong = []
        if self._fault == KEY_REFUSED:
            wrong.append("the gateway refuses our API key")
        elif self._fault == UNREACHABLE:
            wrong.append("the gateway cannot be reached")
        elif self.status != WORKING:
            wrong.append(f"the session is {self.status}" if self.status else "the session's state is not known yet")
        if self._unconfirmed_since is not None and (now - self._unconfirmed_since).total_seconds() >= DEAF_SECONDS:
            wrong.append("what we say arrives, and no event tells of it: the gateway no longer delivers to us")
        if not self.connected:
            wrong.append("the websocket is not connected")
        return wrong


def _parse_version(version: str) -> tuple[int, ...]:
    return tuple(number for part in version.split(".") if (number := parse_number(part)) is not None)


class SessionWatch:
    """Probes the session periodically, and looks up hidden numbers when there are any."""

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
                    while True:
                        await self._wake.wait()
                        self._wake.clear()
                        await self.look_up_lids(list(self._wanted))

    def request_lookup(self, lids: Iterable[str]) -> None:
        """Look these up in the background, for the next message of the same people."""
        if missing := self._known.select_to_ask(lids, self._now().timestamp()):
            self._wanted.update(dict.fromkeys(missing))
            self._wake.set()

    async def look_up_lids(self, lids: Iterable[str]) -> None:
        """Ask the gateway for the phones of these. An unknown LID is cached as such; a failed request is repeated later."""
        for lid in self._known.select_to_ask(lids, self._now().timestamp()):
            self._wanted.pop(lid, None)
            try:
                answer = await self._gateway.get(self._gateway.make_path("lids", lid), ANSWER_SECONDS)
            except PermanentSendError:
                answer = None
            except SendError as error:
                log.warning("a hidden number could not be looked up", event_name="waha_lid_failed", error=str(error))
                continue
            self._record_lookup(lid, normalise_jid(find_value(answer, "pn")))

    async def probe_session(self) -> None:
        """Ask for the session's status and, once it works, for all hidden numbers the gateway knows."""
        try:
            version = await self._gateway.get("/api/server/version", ANSWER_SECONDS)
            self._state.set_environment(get_text(version, "engine"), get_text(version, "version"))
            session = await self._gateway.get(f"/api/sessions/{self._gateway.session}", ANSWER_SECONDS)
            self.set_status(get_text(session, "status"))
            if not self._listed and self._state.status == WORKING:
                offset, count = 0, PAGE_SIZE
                while count == PAGE_SIZE and offset < MOST_LISTED:
                    page = await self._gateway.get(self._gateway.make_path("lids"), limit=PAGE_SIZE, offset=offset)
                    count = len(page) if isinstance(page, list) else 0
                    offset += PAGE_SIZE
                    for each in page if count else ():
                        if (phone := normalise_jid(find_value(each, "pn"))).endswith("@c.us"):
                            self._known.learn_phone(normalise_jid(find_value(each, "lid")), phone)
                self._listed = True
        except SendError as error:
            log.warning("the gateway does not answer as it should", event_name="waha_probe_failed", error=str(error))

    def set_status(self, status: str) -> None:
        """Record the status reported by the session."""
        if status == WORKING:
            self._state.note_working(self._now())
        elif status:
            self._state.status = status

    def _record_lookup(self, lid: str, phone: str) -> None:
        if phone.endswith("@c.us"):
            self._known.learn_phone(lid, phone)
        else:
            if lid not in self._known.nobody:
                log.warning("a sender hides their number and is nobody here", event_name="waha_nobody", lid=lid)
            self._known.mark_unknown(lid, self._now().timestamp())
