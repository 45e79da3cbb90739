"""The customer service window: free text is taken for 24 hours after the person last wrote, and templates only after that.

WhatsApp tells of a closed window too late, in a status after it took the message (131047); so it is known here, before.
"""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta

from pendopo.adapters.contract import AdapterHost
from pendopo.model import Chat

WINDOW_LENGTH = timedelta(hours=24)
REMEMBERED = 50_000
_NEVER = datetime.min.replace(tzinfo=UTC)


class ServiceWindows:
    """When each chat was last heard, as far as this process knows."""

    def __init__(self) -> None:
        self._heard: OrderedDict[str, datetime] = OrderedDict()

    def note_message(self, chat: str, at: datetime, now: datetime) -> None:
        """Somebody wrote at this instant, by the message's own time. One that was brought a day late opens nothing."""
        if now - at < WINDOW_LENGTH:
            self._store_seen(chat, max(at, self._heard.get(chat, _NEVER)))

    def note_closed(self, chat: str, at: datetime) -> None:
        """The platform says that the window was closed at this instant; what came after opens it again."""
        if self._heard.get(chat, _NEVER) <= at:
            self._store_seen(chat, _NEVER)

    def is_known_closed(self, chat: str, now: datetime) -> bool:
        """Whether it is known, without asking anybody, that only a template would be taken now."""
        heard = self._heard.get(chat)
        return heard is not None and now - heard >= WINDOW_LENGTH

    async def is_open(self, chat: Chat, host: AdapterHost) -> bool:
        """Whether free text would be taken now; after a restart the host remembers."""
        heard = self._heard.get(chat.id)
        if heard is None:
            heard = await host.get_last_seen(chat) or _NEVER
            # Somebody may have written while the database was asked.
            self._store_seen(chat.id, heard := max(heard, self._heard.get(chat.id, _NEVER)))
        return host.now() - heard < WINDOW_LENGTH

    def _store_seen(self, chat: str, heard: datetime) -> None:
        self._heard[chat] = heard
        self._heard.move_to_end(chat)
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
