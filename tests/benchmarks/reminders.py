"""Reminders: how fast they are planned, what a million of them cost, and what happens when thousands fall due at once."""

import asyncio
import gc
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pendopo import Chat, Context, Instant, Person, Plugin, phrase
from pendopo.config import Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.store import Connection, open_database
from pendopo.store.queries.deliveries import encode
from pendopo.testing import MemoryMessenger
from pendopo_ingatkan import plugin as ingatkan
from pendopo_ingatkan.models import Pengingat

from tests.benchmarks.figure import Figure
from tests.benchmarks.starting import start

PLAN = "INSERT INTO reminder (key, route, args, chat, person, due_at) VALUES (?, ?, ?, ?, 0, ?)"
LEAD_MS = 1500
"""Milliseconds between the last plan and the instant all of them are due."""
plugin = Plugin("ukur", summary="Measured", policy="anyone")


@plugin.command("rencana")
async def rencana(ctx: Context, mulai: int, banyak: int) -> None:
    """Plan so many reminders, far away."""
    at = ctx.now + timedelta(days=300)
    await ctx.schedule_many(tiba, ((at + timedelta(seconds=n), (n,), f"r{mulai + n}") for n in range(banyak)))


@plugin.job()
async def tiba(ctx: Context, nomor: int) -> None:
    """The time has come."""
    await ctx.reply(phrase("umum.pilihan", teks=str(nomor)))


async def _app(folder: Path, plugins: Sequence[Plugin]) -> tuple[App, MemoryMessenger]:
    messenger = MemoryMessenger()
    database = open_database(f"sqlite:///{folder}/pendopo.db")
    app = App(Settings(data_dir=str(folder)), database, [messenger], plugins, SystemClock())
    await app.start()
    gc.collect()
    gc.freeze()  # as `pendopo run` does
    return app, messenger


async def planning(folder: Path, batches: int, size: int = 1000) -> float:
    """Plans a second, from a handler through `ctx.schedule_many` to the committed row."""
    app, messenger = await _app(folder, [plugin])
    now = app.clock.now()
    natives = [messenger.make_native("c", True, "a", now, text=f"/rencana {n * size} {size}") for n in range(batches)]
    begun = time.perf_counter()
    for native in natives:
        await messenger.deliver(native)
        await app.idle()
    took = time.perf_counter() - begun
    found = int((await app.database.read("SELECT count(*) FROM reminder WHERE state = 'waiting'"))[0][0])
    await _stop(app)
    if found != batches * size:
        raise RuntimeError(f"{batches * size} plans, {found} rows")
    return found / took


def pending(folder: Path, count: int, starts: int) -> tuple[float, float]:
    """Start-up and memory of `pendopo run` with so many plans waiting, each as a ratio to the same without any."""
    empty, full = folder / "empty", folder / "full"
    start(_made(empty))
    shutil.copytree(empty, full)
    _fill(full / "pendopo.db", count)
    rounds = [(start(empty), start(full)) for _ in range(starts)]
    seconds, memory = (_median(b[i] for _, b in rounds) / _median(a[i] for a, _ in rounds) for i in (0, 1))
    return seconds, memory


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _fill(path: Path, count: int) -> None:
    due = int((datetime.now(UTC) + timedelta(days=30)).timestamp() * 1000)
    chat = encode(Chat("simulator", "c")).decode()
    with sqlite3.connect(path) as connection:
        rows = ((f"p{n}", "ukur.tiba", '{"nomor":1}', chat, due + n) for n in range(count))
        connection.executemany(PLAN, rows)
    connection.close()


def _median(values: Iterable[float]) -> float:
    found = sorted(values)
    return float(found[len(found) // 2])


async def together(app: App, due: int, sent: Callable[[], int], count: int) -> tuple[float, float]:
    """From the instant so many fall due: seconds until all are deliveries, and the longest stall of the loop, in ms."""
    app.scheduler.note_planned(due)
    stall = [0.0]
    watch = asyncio.create_task(_watch(stall))
    while app.core.now_ms() < due:
        await asyncio.sleep(0.005)
    begun = time.perf_counter()
    while await _deliveries(app) < count:
        await asyncio.sleep(0.05)
    took = time.perf_counter() - begun
    await app.idle()
    watch.cancel()
    if sent() < count:
        raise RuntimeError(f"{count} deliveries, {sent()} sent")
    return took, stall[0] * 1000


async def _deliveries(app: App) -> int:
    """How many there are; counting them would take longer than making them."""
    return int((await app.database.read("SELECT coalesce(max(id), 0) FROM delivery"))[0][0])


async def _watch(stall: list[float]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        stall[0] = max(stall[0], now - last)
        last = now


async def jobs(folder: Path, count: int) -> tuple[float, float, float]:
    """So many plans of a plugin, each in a chat of its own: seconds, stall, and how many percent were told exactly once."""
    app, messenger = await _app(folder, [plugin])
    due = app.core.now_ms() + LEAD_MS
    rows = [(f"k{n}", "ukur.tiba", f'{{"nomor":{n}}}', encode(Chat("memory", f"c{n}")).decode(), due) for n in range(count)]
    await app.database.write(lambda c: c.executemany(PLAN, rows))
    took, stall = await together(app, due, lambda: len(messenger.screen), count)
    await _stop(app)
    told = Counter(shown.text for shown in messenger.screen)
    return took, stall, 100 * sum(told[str(n)] == 1 for n in range(count)) / count


async def reminders(folder: Path, count: int) -> tuple[float, float]:
    """So many reminders of /ingatkan, each of another person: a second, and the stall."""
    app, messenger = await _app(folder, [ingatkan])
    due = app.core.now_ms() + LEAD_MS
    await app.database.write(lambda c: _people(c, count, due), alone=True)
    await app.core.directory.load(app.clock.now())
    took, stall = await together(app, due, lambda: len(messenger.screen), count)
    await _stop(app)
    return count / took, stall


def _people(connection: Connection, count: int, due: int) -> None:
    at = datetime.fromtimestamp(due / 1000, UTC)
    connection.executemany("INSERT INTO person (id, name) VALUES (?, ?)", [(n + 1, f"Orang {n}") for n in range(count)])
    accounts = [(f"memory:o{n}", n + 1) for n in range(count)]
    connection.executemany("INSERT INTO account (alias, person) VALUES (?, ?)", accounts)
    rows = []
    for n in range(count):
        person = Person(n + 1, f"Orang {n}")
        row = Pengingat.new(person, person, Chat("memory", f"o{n}"), "cek pompa", at)
        row.id, row.berikut, row.waktu = n + 1, at, encode(Instant(at)).decode()
        rows.append(row)
    plans = [(row.key, "ingatkan.bunyikan", f'{{"tujuan":"{row.tujuan}"}}', row.asal, due) for row in rows]
    connection.executemany(PLAN, plans)
    with connection.open_session() as session:
        session.add_all(rows)
        session.commit()


async def peer(count: int) -> tuple[float, float]:
    """APScheduler's memory store: so many date jobs due in the same second, nothing kept: seconds, and the stall."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    ran: list[int] = []

    async def job(number: int) -> None:
        ran.append(number)

    scheduler = AsyncIOScheduler(timezone=UTC)
    due = datetime.now(UTC) + timedelta(seconds=1 + count / 8000)
    for number in range(count):
        scheduler.add_job(job, "date", run_date=due, args=[number], misfire_grace_time=None)
    scheduler.start()
    stall = [0.0]
    await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 0.1))
    watch = asyncio.create_task(_watch(stall))
    while len(ran) < count:
        await asyncio.sleep(0.01)
    took = (datetime.now(UTC) - due).total_seconds()
    watch.cancel()
    scheduler.shutdown()
    return took, stall[0] * 1000


async def _stop(app: App) -> None:
    await app.stop()
    gc.unfreeze()


def figures(quick: bool, folder: Path) -> list[Figure]:
    """All of it; `quick` takes few and judges nothing."""
    many, due, persons = (2_000, 100, 30) if quick else (1_000_000, 10_000, 2_000)
    rate = asyncio.run(planning(_made(folder / "plans"), 2 if quick else 30))
    seconds, memory = pending(folder, many, 1 if quick else 7)
    took, stall, once = min(asyncio.run(jobs(_made(folder / f"due{n}"), due)) for n in range(1 if quick else 3))
    told, held = asyncio.run(reminders(_made(folder / "told"), persons))
    theirs, frozen = asyncio.run(peer(due))
    return [
        Figure("plans made in batches of 1,000", rate, "/s", 5000, at_least=True),
        Figure(f"start to ready with {many:,} plans waiting, ratio", seconds, "×", 1.1),
        Figure(f"resident with {many:,} plans waiting, ratio", memory, "×", 1.1),
        Figure(f"{due:,} due in one second, all deliveries", took, "s", 5),
        Figure("longest stall of the loop meanwhile", stall, "ms", 100),
        Figure("told once and only once", once, "%", 100, at_least=True),
        Figure(f"/ingatkan, {persons:,} persons in one second", told, "/s"),
        Figure("longest stall of the loop meanwhile (/ingatkan)", held, "ms"),
        Figure(f"APScheduler in memory, {due:,} due in one second", theirs, "s"),
        Figure("longest stall of its loop", frozen, "ms"),
    ]
