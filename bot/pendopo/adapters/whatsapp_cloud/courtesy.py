"""Blue ticks and "typing": courtesies, of which nothing depends."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

REMEMBERED = 50_000
TYPING_FIELDS = {"typing_indicator": {"type": "text"}}


class ReadReceipts:
    """What was last said in each private chat. `read` marks a message as read, with more fields than that; it never raises."""

    def __init__(self, read: Callable[..., Awaitable[None]]) -> None:
        self._post_receipt = read
        self._latest: OrderedDict[str, str] = OrderedDict()
        self._done: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def note_message(self, chat: str, wamid: str) -> None:
        """Somebody wrote in a private chat."""
        self._latest[chat] = wamid
        self._latest.move_to_end(chat)
        if len(self._latest) > REMEMBERED:
            self._latest.popitem(last=False)

    async def show_typing(self, chat: str) -> None:
        """Show that an answer is being made; WhatsApp shows it under what was said, and that as read."""
        if wamid := self._latest.get(chat, ""):
            await self._mark_once(wamid, **TYPING_FIELDS)

    async def mark_read(self, wamid: str) -> None:
        """A button was touched: what that looks like in the chat is read."""
        if wamid not in self._done:
            await self._mark_once(wamid)

    def mark_latest_read(self, chat: str) -> None:
        """Something is about to be said: what was said before is read. It holds nothing up."""
        wamid = self._latest.get(chat, "")
        if wamid and wamid not in self._done:
            task = asyncio.get_running_loop().create_task(self.mark_read(wamid))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _mark_once(self, wamid: str, **more: object) -> None:
        self._done[wamid] = None
        if len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        await self._post_receipt(wamid, **more)
