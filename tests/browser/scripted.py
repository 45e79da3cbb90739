"""A bot that follows a script, in place of the engine: enough to show the page at work."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pendopo.adapters.contract import Adapter, Incoming
from pendopo.adapters.simulator import SimGroup, SimPerson, Simulator
from pendopo.engine.telemetry.metrics import Measure, Metrics
from pendopo.model import ButtonPress, Chat, ChatKind, Choice, Event, Message, Phrase, Text, TextRun

from tests.adapters.hosts import BareHost

PEOPLE = (
    SimPerson("rina", "Rina Hidayat", "Kadis PU"),
    SimPerson("bambang", "Bambang Suryana", "Sekda"),
    SimPerson("dewi", "Dewi Anggraeni", "Wali Kota"),
    SimPerson("agus", "Agus Permana", "Kadishub"),
    SimPerson("siti", "Siti Nurhaliza Putri", "Kadis Kominfo"),
    SimPerson("hendra", "Hendra Gunawan", "Camat Coblong"),
    SimPerson("yuyun", "Yuyun Wahyuni", "Lurah Dago"),
)
GROUP = SimGroup("forum-pimpinan", "Forum Pimpinan", tuple(person.id for person in PEOPLE))
START = datetime(2026, 8, 13, 2, 0, tzinfo=UTC)  # 09.00 WIB


class ScriptedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def shift(self, delta: timedelta) -> None:
        self.at += delta


class Scripted:
    """Engine and host in one: accepts what the simulator delivers, and answers as the script says."""

    def __init__(self, path: Path | None = None) -> None:
        self.simulator = Simulator(PEOPLE, [GROUP], path)
        self.adapters: Mapping[str, Adapter] = {"simulator": self.simulator}
        self.clock = ScriptedClock()
        self.blobs: dict[str, Path] = {}
        self.accepted: list[Incoming] = []
        self.may_answer = asyncio.Event()  # a test may hold answers back, to see what a person sees meanwhile
        self.may_answer.set()
        self.metrics = Metrics()
        self._sent = 0
        self._asked: dict[str, tuple[Chat, str]] = {}
        self._doing: set[asyncio.Task[None]] = set()
        self.simulator.connect(_Host(self))

    async def feed(self, name: str, token: str) -> None:
        return

    async def gauges(self) -> list[Measure]:
        return []

    async def readiness(self) -> dict[str, Any]:
        return {"ok": True}

    async def accept(self, adapter: str, incoming: Sequence[Incoming]) -> None:
        self.accepted.extend(incoming)
        events = [event for each in incoming for event in self.simulator.convert(each)]
        self._doing.add(task := asyncio.create_task(self._follow(events)))
        task.add_done_callback(self._doing.discard)

    async def _follow(self, events: Sequence[Event]) -> None:
        await self.may_answer.wait()
        for event in events:
            if isinstance(event, ButtonPress):
                await self._decide(event)
            elif isinstance(event, Message):
                await self._reply(event)

    async def _reply(self, message: Message) -> None:
        if message.attachments and message.key.endswith(message.album.removeprefix("a") or message.key):
            await self.say(message.chat, "Foto diterima, terima kasih.", reply_to=message.key)
        elif message.text.startswith("/izin"):
            await self._ask(message)
        elif message.text.startswith("/bantuan"):
            await self.say(message.chat, "", spans=HELP)
        elif message.text in ("1", "2") and message.reply_to in self._asked:
            await self._told(message.chat, message.reply_to, message.text == "1")
        elif message.text == "pilih":
            await self.say(message.chat, "Pilih dinas:", buttons=[f"Dinas nomor {n}" for n in range(1, 6)])

    async def _ask(self, message: Message) -> None:
        what = message.text.removeprefix("/izin").strip() or "tanpa keterangan"
        await self.say(message.chat, "Permohonan izin sudah diteruskan ke Sekda.", reply_to=message.key)
        sekda = Chat("simulator", "bambang", ChatKind.PRIVATE)
        spans = (TextRun("Kadis PU", bold=True), TextRun(f" memohon izin: {what}"))
        native = await self.say(sekda, "", spans=spans, buttons=["Setujui", "Tolak"])
        self._asked[native] = (message.chat, message.key)

    async def _decide(self, press: ButtonPress) -> None:
        if press.message not in self._asked:
            await self.simulator.answer_press(press.key, "")
            return
        approved = press.token.endswith("-0")
        await self.simulator.answer_press(press.key, "Tercatat.")
        await self._told(press.chat, press.message, approved)

    async def _told(self, chat: Chat, asked: str, approved: bool) -> None:
        word = "disetujui" if approved else "ditolak"
        if self.simulator.capabilities(chat).edit:
            await self.simulator.edit(chat, asked, Text(spans=(TextRun(f"Izin Kadis PU {word} oleh Sekda."),)))
        else:
            await self.say(chat, f"Izin Kadis PU {word}.")
        origin, key = self._asked[asked]
        await self.say(origin, f"Izin {word} oleh Sekda.", reply_to=key)

    async def say(
        self, chat: Chat, text: str, spans: tuple[TextRun, ...] = (), buttons: Sequence[str] = (), reply_to: str = ""
    ) -> str:
        """Send words, degraded as the engine would: numbers where the chat has no buttons."""
        self._sent += 1
        spans, able = spans or (TextRun(text),), self.simulator.capabilities(chat)
        if buttons and not able.buttons:
            numbers = "".join(f"\n{number}. {title}" for number, title in enumerate(buttons, 1))
            spans, buttons = (*spans, TextRun(f"{numbers}\n\nBalas pesan ini dengan nomornya.")), ()
        choices = tuple(Choice(f"t{self._sent}-{n}", Phrase("x"), title) for n, title in enumerate(buttons))
        return await self.simulator.send(chat, Text(spans=spans, buttons=choices), f"k{self._sent}", reply_to)


HELP = (
    TextRun("Yang dapat Anda pakai", bold=True),
    TextRun("\n/izin", code=True),
    TextRun(" waktu keperluan – memohon izin\n"),
    TextRun("/rapat", code=True),
    TextRun(" – agenda hari ini\n"),
    TextRun("/bantuan", code=True),
    TextRun(" – daftar ini"),
)


class _Host(BareHost):
    def __init__(self, engine: Scripted) -> None:
        self._engine = engine

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        await self._engine.accept("simulator", incoming)

    def get_blob_path(self, sha256: str) -> Path:
        if sha256 in self._engine.blobs:
            return self._engine.blobs[sha256]
        raise FileNotFoundError(sha256)

    def now(self) -> datetime:
        return self._engine.clock.now()
