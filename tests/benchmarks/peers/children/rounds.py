"""The loop in which every framework is measured. It runs where only that framework is installed: the standard library alone.

A program gives `run` a way to register commands and to hand over one update. Each line it then reads asks for a round
(how many updates at most, how many seconds at most), and each line it writes says what one cost.
"""

import asyncio
import gc
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable

CHATS = 50
SAID = "halo 42"
SECRET = "rahasia"
Handle = Callable[[bytes], Awaitable[None]]
Native = Callable[[int, str], bytes]


class Replies:
    """What was said, instead of being sent."""

    def __init__(self, expected: str) -> None:
        self.count = 0
        self._expected = expected

    def take(self, text: str) -> None:
        if text != self._expected:
            raise AssertionError(f"{text!r} was said instead of {self._expected!r}")
        self.count += 1


def name(number: int) -> str:
    """A command; all are equally long, since some frameworks look only at how a text begins."""
    return f"gema{number:05}"


def reply(number: int, rest: str) -> str:
    """What command so-and-so answers."""
    return f"{number}: {rest}"


def telegram(number: int, command: str) -> bytes:
    """An update of the Bot API: somebody types a command in their private chat."""
    person = number % CHATS + 1
    said = {
        "message_id": number + 1,
        "from": {"id": person, "is_bot": False, "first_name": "Rina", "language_code": "id"},
        "chat": {"id": person, "first_name": "Rina", "type": "private"},
        "date": 1_790_000_000 + number,
        "text": f"/{command} {SAID}",
        "entities": [{"type": "bot_command", "offset": 0, "length": len(command) + 1}],
    }
    return json.dumps({"update_id": 9_000_000 + number, "message": said}).encode()


def whatsapp(number: int, command: str) -> bytes:
    """The same as the Cloud API brings it."""
    person = f"62812000{number % CHATS:04}"
    message = {
        "from": person,
        "from_user_id": f"ID.{person}",
        "id": f"wamid.{number}",
        "timestamp": str(1_790_000_000 + number),
        "text": {"body": f"/{command} {SAID}"},
        "type": "text",
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62811", "phone_number_id": "1"},
        "contacts": [{"profile": {"name": "Rina"}, "wa_id": person, "user_id": f"ID.{person}"}],
        "messages": [message],
    }
    entry = {"id": "2", "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signature(raw: bytes) -> str:
    """What Meta writes into the header of a delivery."""
    return "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


def run(prepare: Callable[[int, Replies], Awaitable[Handle]], native: Native = telegram) -> None:
    """Register so many commands as the first argument says, then do rounds until there is nothing more to read."""
    asyncio.run(_run(prepare, native, int(sys.argv[1])))


async def _run(
    prepare: Callable[[int, Replies], Awaitable[Handle]], native: Callable[[int, str], bytes], commands: int
) -> None:
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a framework prints is no answer of ours
    wanted = commands // 2
    replies = Replies(reply(wanted, SAID))
    handle = await prepare(commands, replies)
    gc.collect()
    gc.freeze()
    number = 0
    print(json.dumps({"ready": True}), file=output, flush=True)
    for line in sys.stdin:
        most, seconds = line.split()
        updates = [native(number + each, name(wanted)) for each in range(int(most))]
        done, micros = await _round(handle, updates, float(seconds), replies)
        number += done
        print(json.dumps({"updates": done, "micros": micros}), file=output, flush=True)


async def _round(handle: Handle, updates: list[bytes], seconds: float, replies: Replies) -> tuple[int, float]:
    """How many were handled until the time was over (one at least), and the processor time of one of them in µs."""
    before, done, end = replies.count, 0, time.perf_counter() + seconds
    begun = time.process_time()
    for update in updates:
        await handle(update)
        done += 1
        if time.perf_counter() > end:
            break
    took = time.process_time() - begun
    if replies.count - before != done:
        raise AssertionError(f"{done} updates, {replies.count - before} replies")
    return done, took / done * 1e6
