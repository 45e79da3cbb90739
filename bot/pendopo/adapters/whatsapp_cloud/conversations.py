"""Conversations as Meta counts them: the customer service window, and billing.

Free text is accepted for 24 hours after the person last wrote, and only templates after that. WhatsApp reports a closed window
too late, in a status after it has accepted the message (131047); so the bot keeps track of the windows itself.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pendopo.adapters.contract import AdapterHost
from pendopo.adapters.foreign_json import get_object, get_text
from pendopo.adapters.whatsapp_cloud.ids import parse_id
from pendopo.model import Chat
from pendopo.model.containers import RecentDict

WINDOW_LENGTH = timedelta(hours=24)
REMEMBERED_CHATS = 50_000
REMEMBERED_CHARGES = 20_000
"""Messages kept in memory at most, so that their later statuses are not counted again."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class ServiceWindows:
    """When a person last wrote in each chat, as far as this process knows."""

    def __init__(self) -> None:
        self._heard: RecentDict[str, datetime] = RecentDict(REMEMBERED_CHATS)

    def note_message(self, chat: str, at: datetime, now: datetime) -> None:
        """Record a message by its own timestamp; one delivered more than a day late opens no window."""
        if now - at < WINDOW_LENGTH:
            self._heard[chat] = max(at, self._heard.get(chat, _NEVER))

    def note_closed(self, chat: str, at: datetime) -> None:
        """Record that WhatsApp reported the window closed at an instant; messages after it open it again."""
        if self._heard.get(chat, _NEVER) <= at:
            self._heard[chat] = _NEVER

    def is_known_closed(self, chat: str, now: datetime) -> bool:
        """Whether the window is surely closed, by what this process knows."""
        heard = self._heard.get(chat)
        return heard is not None and now - heard >= WINDOW_LENGTH

    async def is_open(self, chat: Chat, host: AdapterHost) -> bool:
        """Whether free text is accepted now; after a restart the host knows when a person last wrote."""
        heard = self._heard.get(chat.id)
        if heard is None:
            heard = await host.get_last_seen(chat) or _NEVER
            # A message may have arrived during the query.
            heard = self._heard[chat.id] = max(heard, self._heard.get(chat.id, _NEVER))
        return host.now() - heard < WINDOW_LENGTH


class Billing:
    """Counts messages by price category, each once, though several statuses carry its price (Meta, "Pricing", July 2025)."""

    def __init__(self) -> None:
        self.billable: Counter[str] = Counter()
        self.free: Counter[str] = Counter()
        self._counted: RecentDict[str, None] = RecentDict(REMEMBERED_CHARGES)

    def get_totals(self) -> Mapping[tuple[str, bool], int]:
        """The counts by (category, whether it is charged for)."""
        counted = ((True, self.billable), (False, self.free))
        return {(category, charged): count for charged, counter in counted for category, count in counter.items()}

    def count_status(self, status: Mapping[str, Any]) -> None:
        """Count the price in a status, if it has one."""
        pricing = get_object(status, "pricing")
        # In a group, each member who receives the message is charged for.
        member = parse_id(status.get("recipient_participant_id")) or parse_id(status.get("recipient_participant_user_id"))
        message = f"{parse_id(status.get('id'))}:{member}"
        if not pricing or get_text(status, "status") == "failed" or message in self._counted:
            return
        self._counted[message] = None
        counter = self.billable if pricing.get("billable") is True else self.free
        counter[get_text(pricing, "category") or "unknown"] += 1
