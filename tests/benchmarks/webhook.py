"""Telegram's webhook on `pendopo run`: requests a second that are on the disk (SQLite, synchronous=FULL) when answered."""

import asyncio
import json
import socket
import sys
import time
from pathlib import Path

from tests.adapters.telegram.bench import SECRET, fake
from tests.adapters.telegram.fake.server import TOKEN, BotApi
from tests.benchmarks.figure import Figure

CONNECTIONS = 32
GROUPS = 200
ROOT = Path(__file__).parents[2]


def _update(number: int) -> bytes:
    """A line of somebody in a group, as Telegram sends it."""
    group, person = -1001000000000 - number % GROUPS, 2000000000 + number % 997
    said = {
        "message_id": number + 1,
        "from": {"id": person, "is_bot": False, "first_name": "Rina", "language_code": "id"},
        "chat": {"id": group, "title": "Koordinasi", "type": "supergroup"},
        "date": int(time.time()),
        "text": "siap, segera kami tindak lanjuti",
    }
    return json.dumps({"update_id": 9_000_000 + number, "message": said}).encode()


def _request(body: bytes) -> bytes:
    head = (
        f"POST /hooks/telegram HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connection(port: int, requests: list[bytes]) -> None:
    """One after the other on a connection that stays open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200") or b"content-length: 0" not in head.lower():
            raise RuntimeError(head.decode())
    writer.close()


async def _throughput(api: BotApi, folder: Path, count: int) -> float:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = folder / "pendopo.toml"
    file.write_text(
        f'data_dir = "{folder}"\n[database]\nurl = "sqlite:///{folder}/p.db"\n[web]\nport = {port}\n'
        f'public_url = "http://127.0.0.1:{port}"\n[limits]\nper_person = 0\nper_chat = 0\n'
        f'[adapters.telegram]\ntoken = "{TOKEN}"\nmode = "webhook"\napi_base_url = "{api.url}"\nwebhook_secret = "{SECRET}"\n'
    )
    command = [sys.executable, "-m", "pendopo", "run", "--config", str(file)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL)
    try:
        await api.until(lambda: any(method == "setWebhook" for method, _ in api.calls))
        for warm in (True, False):
            numbers = range(-2000, 0) if warm else range(count)
            lines = [[_request(_update(n)) for n in numbers[at::CONNECTIONS]] for at in range(CONNECTIONS)]
            begun = time.perf_counter()
            await asyncio.gather(*(_connection(port, requests) for requests in lines))
        return count / (time.perf_counter() - begun)
    finally:
        process.terminate()
        await process.wait()


async def figures(quick: bool, folder: Path) -> list[Figure]:
    """The best of some rounds, since what else runs on the machine can only slow it down."""
    rates = []
    for run in range(1 if quick else 3):
        place = folder / f"webhook{run}"
        place.mkdir()
        async with fake() as api:
            rates.append(await _throughput(api, place, 1000 if quick else 15_000))
    return [Figure(f"webhook, durable, {CONNECTIONS} connections", max(rates), "req/s", 5000, at_least=True)]
