"""What went wrong last: writing, room, work that waits, sending, files, clock, directory file. Administrators are told once."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from pendopo.config import Settings, redact_secrets
from pendopo.engine.outbound.reachability import find_private_chat
from pendopo.engine.routing.refusals import list_administrators
from pendopo.engine.runtime import Runtime
from pendopo.model import Text
from pendopo.model.ids import new_key
from pendopo.plugin import phrase
from pendopo.store import Connection
from pendopo.store.queries import deliveries, inbox
from pendopo.store.queries.deliveries import Delivery, Outgoing, post_delivery
from pendopo.store.queries.settings import get_setting, set_setting
from pendopo.store.transfer.backup_record import read_backup_record

log = structlog.get_logger(__name__)
CHECK_SECONDS = 10.0
"""How often all is looked at."""
ANSWER_SECONDS = 5.0
"""How long a write, and the bucket, may take."""
LASTING_SECONDS = 20
"""How long a failed write of a delivery counts, unless one succeeds or fails meanwhile; and a jump of the clock."""
TELL_SECONDS = 25
"""How long a fault lasts before people are told: what is over by then is nobody's business."""
FREE_BYTES = 20_000_000
"""With less room on the disk, files that people send cannot be kept."""
LATE_SECONDS = {"inbox": 120, "outbox": 600}
"""How long work may be overdue: groups of Telegram take eighteen messages a minute, so that sending may lag."""
FAILED_SENDS = 3
"""So many failed sends in a row, with none that succeeded, are a fault."""
OLD_BACKUP_DAYS = 3
"""When backups are made at all, the last one should not be older."""
BEAT = "health.beat"


class HealthFault(msgspec.Struct, frozen=True):
    """Something that is wrong: since when (UTC, milliseconds), in words for operators, and whether the bot can work with it."""

    since: int
    said: str
    blocking: bool = True


class HealthMonitor:
    """Looks every few seconds, from what happened last, whether the bot can take and keep what people say."""

    def __init__(self, runtime: Runtime, settings: Settings, enqueue: Callable[[Sequence[Delivery]], None]) -> None:
        self._runtime = runtime
        self._folder = Path(settings.data_dir)
        self._directory_file = settings.directory.file
        self._enqueue = enqueue
        self._writing: asyncio.Task[None] | None = None
        self._write_error, self._write_failed_at = "", 0.0
        self._clock_seen: tuple[int, float] | None = None
        self._clock_jump, self._jumped_at = 0.0, 0.0
        self._counted: Counter[tuple[str, str]] = Counter()
        self._failing: Counter[str] = Counter()
        self._told: set[str] = set()
        self.faults: dict[str, HealthFault] = {}

    @property
    def writable(self) -> bool:
        """Whether the database took what was written last."""
        return "tulis" not in self.faults

    def note_failed_write(self, error: Exception) -> None:
        """What a messenger delivered could not be stored."""
        self._write_error, self._write_failed_at = self._explain(error), time.monotonic()
        self._replace_faults({**self._list_said(), "tulis": (self._write_error, True)})

    def note_write(self) -> None:
        """What a messenger delivered was stored."""
        self._write_failed_at = 0.0

    async def check(self) -> None:
        """Look at everything, and tell administrators what is new or over."""
        found: dict[str, tuple[str, bool]] = {}
        for name, look in (
            ("tulis", self._check_write),
            ("ruang", self._check_room),
            ("antrean", self._check_queues),
            ("kirim", self._check_sends),
            ("berkas", self._check_bucket),
            ("jam", self._check_clock),
            ("direktori", self._check_directory_file),
        ):
            try:
                said = await look()
            except Exception as error:  # whatever cannot be looked at is not well
                said = self._explain(error)
            if said:
                found[name] = said, True
        if said := self._check_backup():
            found["cadangan"] = said, False
        self._replace_faults(found)
        await self._tell_people()

    def _explain(self, error: BaseException) -> str:
        return redact_secrets(str(error) or type(error).__name__, self._runtime.secrets)

    def _list_said(self) -> dict[str, tuple[str, bool]]:
        return {name: (fault.said, fault.blocking) for name, fault in self.faults.items()}

    def _replace_faults(self, found: Mapping[str, tuple[str, bool]]) -> None:
        now, before = self._runtime.now_ms(), self.faults
        self.faults = {
            name: HealthFault(before[name].since if name in before else now, said, blocking)
            for name, (said, blocking) in found.items()
        }
        for name in self.faults.keys() - before.keys():
            log.error("the bot is unwell", event_name="unwell", what=name, why=self.faults[name].said)
        for name in before.keys() - self.faults.keys():
            log.info("the bot is well again", event_name="well_again", what=name)

    async def _check_write(self) -> str:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write_beat())
        await asyncio.wait({self._writing}, timeout=ANSWER_SECONDS)
        if not self._writing.done():
            return f"the database takes nothing for {ANSWER_SECONDS:.0f} seconds"
        if error := self._writing.exception():
            return self._explain(error)
        recent = self._write_failed_at and time.monotonic() - self._write_failed_at < LASTING_SECONDS
        return self._write_error if recent else ""

    async def _write_beat(self) -> None:
        await self._runtime.database.write(lambda connection: set_setting(connection, BEAT, str(self._runtime.now_ms())))

    async def _check_room(self) -> str:
        free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        return f"only {free // 1_000_000} MB are free in {self._folder}" if free < FREE_BYTES else ""

    async def _check_queues(self) -> str:
        now, database = self._runtime.now_ms(), self._runtime.database
        for queue, find in (("inbox", inbox.find_overdue), ("outbox", deliveries.find_overdue)):
            due = await find(database, now)
            if due is not None and now - due > LATE_SECONDS[queue] * 1000:
                return f"the oldest delivery in the {queue} has waited {(now - due) // 1000} seconds"
        return ""

    async def _check_sends(self) -> str:
        sent, counted = self._runtime.metrics.sent, self._counted
        self._counted = Counter(sent)
        for adapter in self._runtime.adapters:
            done, again = (sent[adapter, outcome] - counted[adapter, outcome] for outcome in ("sent", "retried"))
            self._failing[adapter] = 0 if done else self._failing[adapter] + again
        waiting = await deliveries.find_oldest_due(self._runtime.database, 2**62)
        failing = [name for name, count in self._failing.items() if count >= FAILED_SENDS and waiting is not None]
        return f"nothing can be sent to {', '.join(failing)}" if failing else ""

    async def _check_bucket(self) -> str:
        try:
            await asyncio.wait_for(self._runtime.blobs.check_remote(), ANSWER_SECONDS)
        except TimeoutError:
            return "the bucket for files (storage.url) does not answer"
        return ""

    async def _check_clock(self) -> str:
        wall, passed = self._runtime.now_ms(), time.monotonic()
        before, self._clock_seen = self._clock_seen, (wall, passed)
        jump = (wall - before[0]) / 1000 - (passed - before[1]) if before else 0.0
        if abs(jump) > ANSWER_SECONDS:
            self._clock_jump, self._jumped_at = jump, passed
        recent = self._jumped_at and passed - self._jumped_at < LASTING_SECONDS
        return f"the clock jumped by {self._clock_jump:+.0f} seconds" if recent else ""

    async def _check_directory_file(self) -> str:
        if not self._directory_file:
            return ""
        try:
            await asyncio.to_thread(Path(self._directory_file).read_bytes)
        except OSError as error:
            return f"directory.file {self._directory_file} cannot be read: {error.strerror}; the next start needs it"
        return ""

    def _check_backup(self) -> str:
        record, now = read_backup_record(self._folder), self._runtime.now_ms()
        if record.failed_at > record.made_at:
            return f"the last backup failed: {record.error}"
        days = (now - record.made_at) // 86_400_000
        return f"the last backup is {days} days old" if record.made_at and days >= OLD_BACKUP_DAYS else ""

    async def _tell_people(self) -> None:
        now = self._runtime.now_ms()
        lasting = {name for name, fault in self.faults.items() if now - fault.since >= TELL_SECONDS * 1000}
        for name in sorted(lasting - self._told):
            self._told.add(name)  # while nothing can be written nothing can be told, but when it is over
            with suppress(Exception):
                await self._send_notice(name, "umum.gangguan")
        for name in sorted(self._told - self.faults.keys()):
            await self._send_notice(name, "umum.gangguan_selesai")
            self._told.discard(name)

    async def _send_notice(self, name: str, key: str) -> None:
        """Tell every administrator; of several processes with one database only the first."""
        people = list_administrators(self._runtime.people, None, self._runtime.clock.now())
        chats = [chat for person in people if (chat := await find_private_chat(self._runtime, person))]
        content, now = Text((phrase(key, hal=phrase(f"umum.gangguan_{name}")),)), self._runtime.now_ms()

        def job(connection: Connection) -> list[Delivery]:
            if get_setting(connection, f"{BEAT}.{name}") == key:
                return []
            set_setting(connection, f"{BEAT}.{name}", key)
            return [post_delivery(connection, Outgoing(key=new_key(), chat=chat, content=content), 0, now) for chat in chats]

        self._enqueue(await self._runtime.database.write(job))
