"""Commits the work of one handler in one transaction: rows, messages, reminders, audit lines and "event handled"."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from pendopo.engine.outbound.outbox import Outbox
from pendopo.engine.outbound.reachability import find_private_chat
from pendopo.engine.runtime import Runtime
from pendopo.errors import StaleError
from pendopo.model import ButtonPress, Chat, JobDue, Message, Text
from pendopo.model.ids import new_key
from pendopo.plugin import Context, phrase
from pendopo.plugin.context import effects_of
from pendopo.plugin.engine_api import Effects
from pendopo.store import Connection
from pendopo.store.queries import audit, chats
from pendopo.store.queries.deliveries import Delivery, Outgoing, post_delivery
from pendopo.store.queries.inbox import InboxRow, defer_rows
from pendopo.store.queries.reminders import cancel_reminder, plan_reminder
from pendopo.store.queries.settings import is_at_revision

CommitStep = Callable[[Connection], None]
_NEVER = (0, -1)
MOST_NAMES = 5
"""Most people that are named of those who are not rung at night."""
SEEN_MS = 60_000
"""A chat's last use is written again only when the stored value is older than this: not at each message."""
FEW = 20
"""Up to so many messages of one command are answers to it, which go before others; more are a broadcast."""
REMEMBERED = 50_000
"""Chats whose last use is kept in memory; a forgotten one is only written once more."""


class Planner(Protocol):
    """The scheduler as a commit sees it. `claiming` is set in the one process that claims reminders."""

    claiming: asyncio.Event

    def note_planned(self, due_ms: int) -> None:
        """Takes note of a reminder planned for this instant (milliseconds)."""
        ...


class HandlerCommit:
    """Commits the effects of a context, then wakes the stations that have new work."""

    def __init__(self, runtime: Runtime, outbox: Outbox, planner: Planner) -> None:
        self._runtime = runtime
        self._outbox = outbox
        self._planner = planner
        self._seen: OrderedDict[str, tuple[int, int]] = OrderedDict()

    async def commit(self, ctx: Context, row: InboxRow, mark: CommitStep) -> None:
        """Writes all effects at once. Raises `StaleError` when the handler must run again."""
        effects, now = effects_of(ctx), self._runtime.now_ms()
        asked, few = isinstance(ctx.event, (Message, ButtonPress)), len(effects.outgoing) <= FEW
        seen, asked_in = self._pick_seen_chat(ctx, now), await self._find_asked_in(ctx)
        posted: list[Delivery] = []
        answers = "" if isinstance(ctx.event, JobDue) else ctx.chat.key
        if answers:
            self._tell_quiet(ctx)
        holding = self._outbox.held_lanes
        heard = isinstance(ctx.event, (Message, ButtonPress)) and holding and (ctx.chat.key in holding or self._get_owner(ctx))
        released: list[str] = []

        def job(connection: Connection) -> None:
            _plan_and_cancel(connection, effects)
            posted[:] = [
                post_delivery(
                    connection,
                    self._address_outgoing(ctx, o),
                    row.id,
                    now,
                    asked_in,
                    urgent=asked and (few or o.chat == ctx.chat),
                    answers=answers,
                )
                for o in effects.outgoing
            ]
            for entry in effects.audited:
                audit.append_entry(connection, entry, now, _make_actor(ctx, str(row.id)))
            if heard:
                released[:] = chats.release_held(connection, ctx.chat, self._get_owner(ctx))
            if effects.plans:
                self._announce_due(connection, min(plan.due_at for plan in effects.plans))
            if seen is not None:
                chats.note_seen(connection, seen, self._get_owner(ctx), now)
            mark(connection)

        unit = effects.unit
        own = bool(unit.later)
        # The directory is checked first, in the same transaction: its revision must still hold when all of this is committed.
        unit.later = [lambda connection: _check_directory(connection, ctx), *unit.later, job]
        # A small job writes rows of its own lane only, so it can share a transaction without lock conflicts. All else takes
        # locks that others wait for (the audit chain, a held chat's lanes, rows of plugins), and so commits alone and at once.
        small = not (own or effects.audited or effects.plans or effects.cancelled or heard)
        await unit.commit(f"handled {row.id:020}" if small else "")
        self._note_committed(ctx, posted, seen, now)
        self._wake_lanes(ctx, released)
        if own:
            await self._runtime.directory.refresh(self._runtime.clock.now())

    async def commit_deferral(self, ctx: Context, row: InboxRow, ids: Sequence[int], due_ms: int) -> None:
        """Writes what is said to a person whose request waits until an instant (milliseconds), and that it does."""

        def mark(connection: Connection) -> None:
            defer_rows(connection, ids, due_ms)
            self._announce_due(connection, due_ms)

        await self.commit(ctx, row, mark)
        self._planner.note_planned(due_ms)

    def _announce_due(self, connection: Connection, due_ms: int) -> None:
        if not self._planner.claiming.is_set():
            connection.notify_processes("due", str(due_ms))

    def _wake_lanes(self, ctx: Context, released: Sequence[str]) -> None:
        dirty = effects_of(ctx).dirty_lanes
        if released:
            self._outbox.held_lanes.difference_update(released)
            dirty.append(ctx.chat.key)
        for lane in dirty:
            self._outbox.refresh_lane(lane)

    def _note_committed(self, ctx: Context, posted: list[Delivery], seen: Chat | None, now: int) -> None:
        self._outbox.enqueue(posted)
        if plans := effects_of(ctx).plans:
            self._planner.note_planned(min(plan.due_at for plan in plans))
        if seen is not None:
            self._outbox.closed_chats.discard(ctx.chat.key)
            self._seen[ctx.chat.key] = (now, self._get_owner(ctx))
            self._seen.move_to_end(ctx.chat.key)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def _pick_seen_chat(self, ctx: Context, now: int) -> Chat | None:
        """Returns the chat if its last use must be recorded, which decides where its owner is reached; else None."""
        if not isinstance(ctx.event, (Message, ButtonPress)):
            return None
        at, owner = self._seen.get(ctx.chat.key, _NEVER)
        stale = now - at > SEEN_MS or owner != self._get_owner(ctx) or ctx.chat.key in self._outbox.closed_chats
        return ctx.chat if stale else None

    async def _find_asked_in(self, ctx: Context) -> Chat:
        """Returns where to say that something could not be delivered: for a job with a lane of its own, to its person."""
        if ctx.chat.adapter in self._runtime.adapters or ctx.sender is None:
            return ctx.chat
        return await find_private_chat(self._runtime, ctx.sender) or ctx.chat

    def _tell_quiet(self, ctx: Context) -> None:
        """Tells whoever asked, in quiet hours, which of the people they have told hear of it without a sound, or later."""
        effects, ends = effects_of(ctx), self._runtime.quiet_hours.find_end(ctx.now)
        told = [o for o in effects.outgoing if o.quiet and o.told and o.chat.key != ctx.chat.key] if ends else []
        if not told:
            return
        adapters, said = self._runtime.adapters, []
        for silent, key in ((True, "umum.malam_senyap"), (False, "umum.malam_ditahan")):
            found = {o.told for o in told if adapters[o.chat.adapter].capabilities(o.chat).silent is silent}
            names = [name for name in dict.fromkeys(o.told for o in told) if name in found]
            more = f" (+{len(names) - MOST_NAMES})" if len(names) > MOST_NAMES else ""
            said += [phrase(key, siapa=", ".join(names[:MOST_NAMES]) + more, waktu=ends)] if names else []
        here = (o for o in effects.outgoing if o.chat.key == ctx.chat.key and o.target in ("", effects.origin))
        answer = next((o for o in here if isinstance(o.content, Text) and o.content.said), None)
        if answer is not None and isinstance(answer.content, Text):
            answer.content = msgspec.structs.replace(answer.content, said=(*answer.content.said, *said))
        else:
            effects.outgoing.append(Outgoing(key=new_key(), chat=ctx.chat, content=Text(tuple(said))))

    def _address_outgoing(self, ctx: Context, outgoing: Outgoing) -> Outgoing:
        """Sets the language of private messages, and lets a press acknowledgement skip the chat's queue."""
        if not outgoing.locale and ctx.sender and ctx.chat.private and outgoing.chat == ctx.chat:
            outgoing.locale = ctx.sender.locale
        if outgoing.kind == "answer":
            adapter = self._runtime.adapters.get(outgoing.chat.adapter)
            outgoing.aside = outgoing.content == Text() or (adapter is not None and adapter.capabilities(outgoing.chat).toasts)
        return outgoing

    @staticmethod
    def _get_owner(ctx: Context) -> int:
        return ctx.sender.id if ctx.sender and ctx.chat.private else 0


def _check_directory(connection: Connection, ctx: Context) -> None:
    """Whoever lost a right while this handler ran does not use it any more."""
    if not is_at_revision(connection, ctx.people.revision):
        raise StaleError("the directory was changed meanwhile")


def _plan_and_cancel(connection: Connection, effects: Effects) -> None:
    for key in effects.cancelled:
        cancel_reminder(connection, key)
    for plan in effects.plans:
        plan_reminder(connection, plan)


def _make_actor(ctx: Context, correlation: str) -> audit.AuditActor:
    account = ctx.account
    person, messenger = ctx.sender.id if ctx.sender else 0, ctx.chat.adapter if account else ""
    return audit.AuditActor(person, account.id if account else "", ctx.acting_as, correlation, messenger)
