"""Conversations as Meta counts them: the customer service window, and what is charged for.

Free text is taken for 24 hours after the person last wrote, and templates only after that.

WhatsApp tells of a closed window too late, in a status after it took the message (131047); so it is known here, before.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pendopo.adapters.contract import AdapterHost
from pendopo.adapters.foreign_json import get_object, get_text
from pendopo.adapters.whatsapp_cloud.ids import parse_id
from pendopo.model import Chat

WINDOW_LENGTH = timedelta(hours=24)
REMEMBERED_CHATS = 50_000
REMEMBERED_CHARGES = 20_000
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
        if len(self._heard) > REMEMBERED_CHATS:
            self._heard.popitem(last=False)


class Billing:
    """Counts messages by the category of their price, each once, though `sent`, `delivered` and `read` all tell of it.

    Meta, "Pricing", July 2025.
    """

    def __init__(self) -> None:
        self.billable: Counter[str] = Counter()
        self.free: Counter[str] = Counter()
        self._counted: OrderedDict[str, None] = OrderedDict()

    def get_totals(self) -> Mapping[tuple[str, bool], int]:
        """By category, and whether it is charged for."""
        counted = ((True, self.billable), (False, self.free))
        return {(category, charged): count for charged, counter in counted for category, count in counter.items()}

    def count_status(self, status: Mapping[str, Any]) -> None:
        """Take the price in a status into account, if it has one."""
        pricing = get_object(status, "pricing")
        # In a group every member who gets the message is charged for.
        member = parse_id(status.get("recipient_participant_id")) or parse_id(status.get("recipient_participant_user_id"))
        message = f"{parse_id(status.get('id'))}:{member}"
        if not pricing or get_text(status, "status") == "failed" or message in self._counted:
            return
        self._counted[message] = None
        if len(self._counted) > REMEMBERED_CHARGES:
            self._counted.popitem(last=False)
        counter = self.billable if pricing.get("billable") is True else self.free
        counter[get_text(pricing, "category") or "unknown"] += 1
