"""One handler's work in one transaction: rows, messages, plans, audit and "event handled"."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from bot.directory.directory import unchanged
from bot.errors import StaleError
from bot.model import ButtonPress, Chat, Message, Text
from bot.plugin import Context
from bot.store import Connection, audit, chats
from bot.store.delivery import Delivery, Outgoing, post
from bot.store.inbox import Received
from bot.store.queries.reminders import cancel_reminder, plan_reminder

from .core import Core
from .outbox import Outbox
from .scheduler import Scheduler

Mark = Callable[[Connection], None]
_NEVER = (0, -1)
SEEN_MS = 60_000
"""How old the note of a chat's last use may become, in milliseconds."""
REMEMBERED = 50_000


class Work:
    """Commits what a context gathered, and wakes whoever has something to do then."""

    def __init__(self, core: Core, outbox: Outbox, scheduler: Scheduler) -> None:
        self._core = core
        self._outbox = outbox
        self._scheduler = scheduler
        self._seen: OrderedDict[str, tuple[int, int]] = OrderedDict()

    async def commit(self, ctx: Context, row: Received, mark: Mark) -> None:
        """Write everything at once. Raises `StaleError` when the handler must run again."""
        now = self._core.now_ms()
        seen = self._to_note(ctx, now)
        posted: list[Delivery] = []
        holding = self._outbox.holding
        heard = isinstance(ctx.event, (Message, ButtonPress)) and holding and (ctx.chat.key in holding or self._owner(ctx))
        released: list[str] = []

        def job(connection: Connection) -> None:
            _plan_and_cancel(connection, ctx)
            posted[:] = [post(connection, self._addressed(ctx, outgoing), row.id, now, ctx.chat) for outgoing in ctx.outgoing]
            for entry in ctx.audited:
                audit.append(connection, entry, now, _by(ctx, str(row.id)))
            if heard:
                released[:] = chats.release(connection, ctx.chat, self._owner(ctx))
            if ctx.plans and not self._scheduler.claiming.is_set():
                connection.tell("due", str(min(plan.due_at for plan in ctx.plans)))
            if seen is not None:
                chats.note_seen(connection, seen, self._owner(ctx), now)
            mark(connection)

        own = bool(ctx.unit.later)
        ctx.unit.later = [lambda connection: _still_so(connection, ctx), *ctx.unit.later, job]
        # What touches nothing but its own chat is done together with others of its kind; all the rest waits for nobody.
        small = not (own or ctx.audited or ctx.plans or ctx.cancelled or heard)
        await ctx.unit.commit(f"handled {row.id:020}" if small else "")
        self._after(ctx, posted, seen, now)
        self._stir(ctx, released)
        if own:
            await self._core.directory.refresh(self._core.clock.now())

    def _stir(self, ctx: Context, released: Sequence[str]) -> None:
        if released:
            self._outbox.holding.difference_update(released)
            ctx.stirred.append(ctx.chat.key)
        for lane in ctx.stirred:
            self._outbox.refresh(lane)

    def _after(self, ctx: Context, posted: list[Delivery], seen: Chat | None, now: int) -> None:
        self._outbox.take(posted)
        if ctx.plans:
            self._scheduler.poke(min(plan.due_at for plan in ctx.plans))
        if seen is not None:
            self._outbox.closed.discard(ctx.chat.key)
            self._seen[ctx.chat.key] = (now, self._owner(ctx))
            self._seen.move_to_end(ctx.chat.key)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def _to_note(self, ctx: Context, now: int) -> Chat | None:
        """The chat, when its last use is worth noting: it decides where a person is reached."""
        if not isinstance(ctx.event, (Message, ButtonPress)):
            return None
        at, owner = self._seen.get(ctx.chat.key, _NEVER)
        stale = now - at > SEEN_MS or owner != self._owner(ctx) or ctx.chat.key in self._outbox.closed
        return ctx.chat if stale else None

    def _addressed(self, ctx: Context, outgoing: Outgoing) -> Outgoing:
        """What is said in a person's private chat is said in their language; a turning button waits for no message."""
        if not outgoing.locale and ctx.sender and ctx.chat.private and outgoing.chat == ctx.chat:
            outgoing.locale = ctx.sender.locale
        if outgoing.kind == "answer":
            adapter = self._core.adapters.get(outgoing.chat.adapter)
            outgoing.aside = outgoing.content == Text() or (adapter is not None and adapter.capabilities(outgoing.chat).toasts)
        return outgoing

    @staticmethod
    def _owner(ctx: Context) -> int:
        return ctx.sender.id if ctx.sender and ctx.chat.private else 0


def _still_so(connection: Connection, ctx: Context) -> None:
    """Whoever lost a right while this handler ran does not use it any more."""
    if not unchanged(connection, ctx.people.revision):
        raise StaleError("the directory was changed meanwhile")


def _plan_and_cancel(connection: Connection, ctx: Context) -> None:
    for key in ctx.cancelled:
        cancel_reminder(connection, key)
    for plan in ctx.plans:
        plan_reminder(connection, plan.key, plan.route, plan.args, plan.chat, plan.person, plan.due_at, plan.put_off)


def _by(ctx: Context, correlation: str) -> audit.By:
    account = ctx.account
    person, messenger = ctx.sender.id if ctx.sender else 0, ctx.chat.adapter if account else ""
    return audit.By(person, account.id if account else "", ctx.capacity, correlation, messenger)
