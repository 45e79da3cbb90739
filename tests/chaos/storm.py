"""One storm: bots as real processes behind fakes of three messengers, people who talk, faults, and a checker at the end."""

import asyncio
import random
import signal
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pendopo.cli import main

from .checker import HELD_UP, Verdict, check
from .fleet import Postgres, Replica, written
from .messengers import Cloud, Gateway, Messenger, Poster, Telegram
from .plan import PEOPLE, Line, Plan, Planned
from .plugins.kacau import TURNS
from .proxy import Manners, Proxy
from .records import SHOWN, Fault, Records, Said

PLUGINS = Path(__file__).parent / "plugins"
SETTLING = 150.0
BEGINNING = 1.0
"""Seconds before a process says that it is ready in which it may send already."""
NETWORK = Manners(twice=5, forgets=3, patience=3)


@dataclass
class Armed:
    """A kill that waits for its replica's next send."""

    replica: int
    after: bool


@dataclass
class Storm:
    """Everything that takes part. `postgres` is None on SQLite, where there is one bot."""

    folder: Path
    plan: Plan
    replicas: int
    postgres: Postgres | None
    manners: Manners = NETWORK
    plugins: Path = PLUGINS
    gateway: str = "webhook"
    patience: float = SETTLING
    records: Records = field(default_factory=Records)
    armed: list[Armed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(len(self.plan.lines))
        self.url = self.postgres.url if self.postgres else f"sqlite:///{self.folder}/pendopo.db"
        self.fleet = [Replica(number, _free_port(), self.folder / f"r{number}.toml") for number in range(self.replicas)]
        self.proxy = Proxy([replica.port for replica in self.fleet], self.records, self.chance, self.manners)
        self.messengers: dict[str, Messenger] = {}

    async def run(self) -> Verdict:
        """Rage, calm down, look at what is left."""
        async with AsyncExitStack() as stack:
            await self.begin(stack)
            keeper = asyncio.create_task(self.keep())
            try:
                await asyncio.gather(self.talk(), self.rage())
                await self.calm()
                missing = await self.settled()
            finally:
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)
            codes = await self.end()
            self.read_logs()
            screens = [each for messenger in self.messengers.values() for each in messenger.screens()]
            verdict = await check(self.records, screens, self.url)
            verdict.wrong += [f"replica {n} ended with {code}" for n, code in enumerate(codes) if code] + missing
            return verdict

    async def begin(self, stack: AsyncExitStack, one_first: bool = False) -> None:
        """Messengers, tables, and bots that answer; `one_first`: the first of them has the others come to it."""
        await self.proxy.start()
        stack.push_async_callback(self.proxy.stop)
        self.poster = poster = Poster(self.proxy.url, self.chance, self.records)
        stack.push_async_callback(poster.close)
        telegram = Telegram(self.records, self.plan.mode, self.on_send)
        await telegram.start(self.replicas, stack, PEOPLE["telegram"])
        cloud, gateway = Cloud(self.records, poster, self.on_send), Gateway(self.records, poster, self.on_send, self.gateway)
        await cloud.start(self.replicas, stack)
        await gateway.start(self.replicas, stack)
        self.messengers = {each.name: each for each in (telegram, cloud, gateway)}
        for replica in self.fleet:
            replica.file.write_text(written(self.settings(replica)), encoding="utf-8")
        code = await asyncio.to_thread(main, ["db", "upgrade", "--config", str(self.fleet[0].file), "--json"])
        assert code == 0
        for replica in self.fleet:
            stack.callback(replica.kill)
            replica.start()
            if one_first and replica is self.fleet[0]:
                await replica.ready()
        await asyncio.gather(*(replica.ready() for replica in self.fleet))

    def settings(self, replica: Replica) -> dict[str, Any]:
        return {
            "data_dir": str(self.folder / "var"),
            "database": {"url": self.url},
            "web": {"port": replica.port, "public_url": self.proxy.url},
            "limits": {"per_person": 0, "per_chat": 0},
            "plugins": {"enabled": ["bantuan"], "plugin_dirs": [str(self.plugins)]},
            "adapters": {name: each.settings(replica.number) for name, each in self.messengers.items()},
        }

    # -- people ----------------------------------------------------------------------------------------------------

    async def talk(self) -> None:
        """Say every line at its time."""
        origin = self.records.now()
        for line in self.plan.lines:
            await asyncio.sleep(max(0.0, origin + line.at - self.records.now()))
            await self.say(line)

    async def say(self, line: Line) -> None:
        said = self.records.said[line.token] = Said(line.token, line.messenger, "")
        said.chat = await self.messengers[line.messenger].say(line.chat, line.text)

    # -- faults ----------------------------------------------------------------------------------------------------

    async def rage(self) -> None:
        """Do what is planned, each at its time, and let it take as long as it takes beside the others."""
        origin, tasks = self.records.now(), []
        for fault in self.plan.faults:
            await asyncio.sleep(max(0.0, origin + fault.at - self.records.now()))
            tasks.append(asyncio.create_task(self.strike(fault)))
        await asyncio.gather(*tasks)

    async def strike(self, fault: Planned) -> None:
        replica = self.fleet[fault.replica]
        match fault.kind:
            case "kill":
                self.kill(replica, "kill", fault.seconds)
            case "kill in a send":
                self.armed.append(Armed(fault.replica, fault.amount < 0.6))
            case "term":
                self.note("term", fault.replica)
                replica.send(signal.SIGTERM)
            case "pause":
                await self.pause(replica, fault.seconds)
            case "database":
                await self.take_database(fault.seconds)
            case "clock":
                await self.set_clock(replica, fault.amount, fault.seconds)
            case "busy":
                self.note("busy")
                for messenger in self.messengers.values():
                    messenger.busy(int(fault.amount) if messenger.name != "waha" else 1)
            case "disk":
                await self.fill_disk(replica, fault.seconds)

    def note(self, kind: str, replica: int = -1, detail: str = "") -> Fault:
        fault = Fault(self.records.now(), kind, replica, detail=detail)
        self.records.faults.append(fault)
        return fault

    def kill(self, replica: Replica, kind: str, rest: float) -> None:
        if replica.alive:
            fault = self.note(kind, replica.number)
            replica.resting = fault.until = self.records.now() + rest
            replica.kill()

    def on_send(self, replica: int, after: bool) -> None:
        """A replica is sending: this is the worst moment for it to die."""
        for armed in self.armed:
            if (armed.replica, armed.after) == (replica, after) and self.fleet[replica].alive:
                self.armed.remove(armed)
                self.kill(self.fleet[replica], "kill in a send", 0.3)
                return

    async def pause(self, replica: Replica, seconds: float) -> None:
        """The process stands still for longer than anybody waits for it, and then goes on as if nothing had been."""
        fault, process = self.note("pause", replica.number), replica.process
        replica.send(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        fault.until = self.records.now()
        if replica.process is process:
            replica.send(signal.SIGCONT)

    async def take_database(self, seconds: float) -> None:
        if self.postgres is not None:
            fault = self.note("database")
            await asyncio.to_thread(self.postgres.crash)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.postgres.begin)
            fault.until = self.records.now()

    async def set_clock(self, replica: Replica, by: float, seconds: float) -> None:
        for offset in (by, 0.0):
            self.note("clock", replica.number, f"{offset:+.0f} s")
            replica.clock.write_text(str(offset), encoding="utf-8")
            replica.send(signal.SIGUSR1)
            await asyncio.sleep(seconds if offset else 0)

    async def fill_disk(self, replica: Replica, seconds: float) -> None:
        fault, process = self.note("disk", replica.number), replica.process
        replica.send(signal.SIGUSR2)
        await asyncio.sleep(seconds)
        fault.until = self.records.now()
        if replica.process is process:
            replica.send(signal.SIGUSR2)

    async def keep(self) -> None:
        """Start what ended, as whatever runs services does."""
        while True:
            for replica in self.fleet:
                if not replica.alive and self.records.now() >= replica.resting:
                    replica.resting = self.records.now() + 1.0
                    replica.start()
            await asyncio.sleep(0.05)

    # -- afterwards ------------------------------------------------------------------------------------------------

    async def calm(self) -> None:
        """Nothing is done to anybody any more."""
        self.armed.clear()
        self.proxy.manners = Manners()
        for replica in self.fleet:
            replica.send(signal.SIGCONT)
        await self.proxy.settle()

    async def settled(self) -> list[str]:
        """Wait until people have seen everything; returns what they still miss when `patience` is at its end."""
        missing: Sequence[str] = ["?"]
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                while missing := self.missing():
                    await asyncio.sleep(0.1)
        # Whatever comes twice comes soon.
        await asyncio.sleep(1.0)
        return [f"after {self.patience:.0f} s nobody had seen {', '.join(missing[:20])}"] if missing else []

    def read_logs(self) -> None:
        """Which processes were taken for dead with nothing done to them, and when those began that followed the killed."""
        for replica in self.fleet:
            for at in self._instants(replica, "replica_lost"):
                self.records.faults.append(Fault(at, HELD_UP, replica.number))
            ready = self._instants(replica, "ready")
            for fault in self.records.faults:
                if fault.kind.startswith("kill") and fault.replica == replica.number:
                    began = min((at for at in ready if at > fault.at), default=fault.until)
                    fault.until = max(fault.until, began - BEGINNING)

    def _instants(self, replica: Replica, event: str) -> list[float]:
        told = [datetime.fromisoformat(said["timestamp"]).timestamp() for said in replica.said(event)]
        return [at - self.records.began for at in told]

    def missing(self) -> list[str]:
        seen = {found[1] + found[2] + (found[3] if found[2] == "!" else "") for found in self._shown()}
        wanted = [f"{token}=" for token in self.records.said]
        wanted += [f"{token}!{turn}" for token in self.records.said if token[0] == "a" for turn in range(1, TURNS + 1)]
        wanted += [f"{token}+" for token in self.records.presses]
        return [what for what in wanted if what not in seen] + [t for t, said in self.records.said.items() if not said.acked]

    def _shown(self) -> list[Any]:
        screens = (text for messenger in self.messengers.values() for _, text in messenger.screens())
        return [found for text in screens if (found := SHOWN.search(text))]

    async def end(self) -> list[int]:
        """Tell all of them to stop; returns the exit codes."""
        await asyncio.gather(*(replica.ready() for replica in self.fleet))
        for replica in self.fleet:
            replica.send(signal.SIGTERM)
        return list(await asyncio.gather(*(replica.ended() for replica in self.fleet)))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
