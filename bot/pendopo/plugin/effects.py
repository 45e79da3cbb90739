"""What a handler gathers: rows, messages, reminders and lines of the audit log, all committed together when it returns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pendopo.model import Chat
from pendopo.model.ids import to_ms
from pendopo.plugin.engine_api import EngineApi, Question
from pendopo.store import Unit
from pendopo.store.queries.audit import AuditEntry
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.reminders import Reminder


@dataclass(slots=True)
class Effects:
    """The work of one handler, until the engine commits it."""

    unit: Unit
    action: str = ""
    """The route's name."""
    origin: str = ""
    """The key of the delivery whose button was pressed."""
    outgoing: list[Outgoing] = field(default_factory=list)
    plans: list[Reminder] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    audited: list[AuditEntry] = field(default_factory=list)
    dirty_lanes: list[str] = field(default_factory=list)
    """Lanes whose rows were changed behind the outbox's back."""
    question: Question | None = None

    @property
    def plugin(self) -> str:
        """The plugin whose route this is."""
        return self.action.partition(".")[0]

    def merge(self, other: "Effects") -> None:
        """Everything another handler of the same event wants done is done with this."""
        self.unit.include_unit(other.unit)
        self.outgoing += other.outgoing
        self.plans += other.plans
        self.cancelled += other.cancelled
        self.audited += other.audited
        self.dirty_lanes += other.dirty_lanes

    def plan_reminder(
        self, api: EngineApi, at: datetime, route: str, args: Sequence[Any], key: str, chat: Chat, person: int
    ) -> str:
        """Run a route at an instant. Returns the key to cancel it by."""
        self.plans.append(Reminder(key, route, api.encode_arguments(route, args), chat, person, to_ms(at)))
        return key
