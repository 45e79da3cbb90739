"""What Meta charges for, as its statuses tell: for an operator's metrics (Meta, "Pricing", July 2025)."""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Any

from pendopo.adapters.whatsapp_cloud.fields import get_object, get_text, parse_id

REMEMBERED = 20_000


class Billing:
    """Counts messages by the category of their price, each once, though `sent`, `delivered` and `read` all tell of it."""

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
        if len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        counter = self.billable if pricing.get("billable") is True else self.free
        counter[get_text(pricing, "category") or "unknown"] += 1
