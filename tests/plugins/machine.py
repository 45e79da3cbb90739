"""A story that a Hypothesis state machine drives: one event loop per machine, arrows read from the audit log."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from pendopo import Row
from pendopo.plugin import Plugin
from pendopo.store.tables import DeliveryState
from pendopo.testing import Story
from pendopo.testing.actor import Actor
from pendopo.testing.messenger import ShownMessage


class Told(RuleBasedStateMachine):
    """Rules say and touch; after each of them every arrow must be one its plugin allows, and nothing may be left over."""

    plugins: Sequence[Plugin] = ()
    model: type[Row]
    moves: Mapping[str, frozenset[str]]
    first = ""

    def begin(self, profile: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory(prefix="pendopo-machine-")
        self.story = Story(self.plugins, database=f"sqlite:///{self.folder.name}/x.db", profile=profile)
        self.run(self.story.__aenter__())

    def teardown(self) -> None:
        if hasattr(self, "story"):
            self.run(self.story.__aexit__(None, None, None))
            self.loop.close()
            self.folder.cleanup()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def rows(self) -> list[Any]:
        """All rows that the arrows are of."""
        return list(self.run(self.story.stored.list_rows(self.model)))

    def says(self, who: str, text: str) -> None:
        self.run(self.story.actor(who).says(text))

    def touch(self, who: str, label: str, holding: str = "", newest: bool = True) -> bool:
        """Touch a button, or type its number, on the newest (or the oldest) message that has it; False when there is none."""
        actor: Actor = self.story.actor(who)
        for shown in reversed(actor.messages) if newest else actor.messages:
            if holding in shown.text and _has(shown, label):
                self.run(actor.presses(label, on=shown))
                return True
        return False

    def sent(self, key: str, number: int) -> int:
        """How often a sentence was sent, or waits for the morning, in a message that speaks of a number."""
        found = self.run(self.story.stored.list_deliveries())
        sent = [row for row in found if row.state in (DeliveryState.SENT, DeliveryState.OPEN)]
        return sum(f'"{key}"' in row.content and f'"nomor":{number}' in row.content for row in sent)

    def check(self) -> None:
        """What holds after every step."""
        table, now = self.model.__tablename__, {row.id: row.status for row in self.rows()}
        for number, arrows in self.arrows().items():
            at = self.first
            for before, after in arrows:
                assert before == at, f"{table} {number} went from {before}, but it was {at}"
                assert after in self.moves[before], f"{table} {number} went from {before} to {after}"
                at = after
            assert at == now[number]
        assert self.run(self.story.stored.list_inbox(state="dead")) == []
        assert [row for row in self.run(self.story.stored.list_deliveries()) if row.state != "sent"] == []

    def arrows(self) -> dict[int, list[tuple[str, str]]]:
        """From where to where each of them went, as the audit log says."""
        found: dict[int, list[tuple[str, str]]] = {}
        for line in self.run(self.story.stored.list_audit_lines()):
            thing, detail = line.object.split("/"), line.note.detail
            if thing[0] == self.model.__tablename__ and "dari" in detail and "ke" in detail and isinstance(detail["ke"], str):
                found.setdefault(int(thing[1]), []).append((detail["dari"], detail["ke"]))
        return found


def _has(shown: ShownMessage, label: str) -> bool:
    return any(choice.title == label for choice in shown.buttons) or f". {label}\n" in f"{shown.text}\n"
