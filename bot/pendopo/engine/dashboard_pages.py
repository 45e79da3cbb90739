"""Pages of plugins for people who pass their gate; the buttons on them are sealed offers that come back as presses."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import structlog

from pendopo.directory import Decision
from pendopo.engine.contexts import ContextFactory
from pendopo.engine.runtime import Runtime
from pendopo.errors import PluginError, UserError
from pendopo.model import Account, ButtonPress, Chat, Message, Person
from pendopo.model.ids import to_ms
from pendopo.plugin import Context
from pendopo.plugin.arguments.signature import ParseContext, bind_answer, load_arguments
from pendopo.plugin.buttons import Button, RouteName, Target
from pendopo.plugin.context import effects_of
from pendopo.plugin.page_parts import Page, View
from pendopo.plugin.route import Route
from pendopo.plugin.values import WEB
from pendopo.store import Connection
from pendopo.store.queries import audit
from pendopo.store.queries.audit import AuditActor, AuditEntry
from pendopo.store.queries.settings import add_setting, read_setting

log = structlog.get_logger(__name__)
LIFE_MS = 12 * 3600 * 1000
"""How long an offer of a page can be pressed, in milliseconds."""
KEY = "web.seal"
"""The setting that keeps the sealing key of the installation."""


class PageOffer(msgspec.Struct, frozen=True):
    """An offer of a page to one person: a route with some arguments, until an instant (milliseconds)."""

    person: int
    route: str
    args: dict[str, Any]
    until: int


class PageRefusedError(Exception):
    """The gate refuses this page to this person."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.rule)
        self.decision = decision


class DashboardPages:
    """Shows pages and verifies what was pressed on them: a press counts only if a page offered it to that person."""

    def __init__(self, runtime: Runtime, contexts: ContextFactory) -> None:
        self._runtime = runtime
        self._contexts = contexts
        self._key = b""

    def make_view_context(self, person: Person) -> Context:
        """Makes a context for viewing, as in the person's own private chat."""
        chat, account = Chat(WEB, str(person.id)), Account((f"{WEB}:{person.id}",), person.name)
        now = self._runtime.clock.now()
        event = Message(key="page", chat=chat, at=now, account=account)
        return self._contexts.open(event, person)

    async def may_open(self, person: Person, route: Route) -> bool:
        """Tells whether a person may see a page."""
        ctx = self.make_view_context(person)
        try:
            return (await self._runtime.gate.check(ctx, route, {p.name: p.default for p in route.params})).allowed
        except UserError:
            return False

    async def show_page(
        self, person: Person, route: Route, arguments: Mapping[str, str], view: View, recorded: bool = True
    ) -> Page:
        """Makes one page. Raises `PageRefusedError` when the gate refuses, `UserError` when there is no such thing.

        Not `recorded`: for a file of a page whose showing is in the audit log already.
        """
        ctx = self.make_view_context(person)
        ctx.view = view
        values = self._read_parameters(ctx, route, arguments)
        decision = await self._runtime.gate.check(ctx, route, values)
        if not decision.allowed:
            await self.record_audit(person, AuditEntry("gate.refused", route.name, {"rule": decision.rule}))
            raise PageRefusedError(decision)
        page = await route.handler(ctx, **values)
        effects = effects_of(ctx)
        if effects.outgoing or effects.plans or effects.unit.later or effects.question:
            raise PluginError(f"{route.name} is a page, and a page changes nothing: offer a button")
        for entry in effects.audited if recorded else ():
            await self.record_audit(person, entry, decision.capacity)
        if not isinstance(page, Page):
            raise PluginError(f"{route.name} gives no page")
        return page

    def _read_parameters(self, ctx: Context, route: Route, arguments: Mapping[str, str]) -> dict[str, Any]:
        """Reads the parameters from an address. Unreadable text counts as absent; a required one missing means no such page."""
        around = ParseContext(ctx.now, self._runtime.zone, ctx.people, speaker=ctx.sender)
        values: dict[str, Any] = {}
        for param in route.params:
            text = arguments.get(param.name, "").strip()[:200]
            bound = bind_answer(param, text, around) if text else None
            if bound is not None and param.name in bound.values:
                values[param.name] = bound.values[param.name]
            elif param.required:
                raise UserError("web.tidak_ada_halaman")
            else:
                values[param.name] = param.default
        return values

    async def record_audit(self, person: Person, entry: AuditEntry, capacity: str = "") -> None:
        """Writes an audit line for what a person viewed or exported."""
        by = AuditActor(person.id, f"{WEB}:{person.id}", capacity, "", WEB)

        def job(connection: Connection) -> None:
            audit.append_entry(connection, entry, self._runtime.now_ms(), by)

        await self._runtime.database.write(job)

    # -- what is offered -----------------------------------------------------------------------------------------

    async def load_key(self) -> None:
        """Loads the sealing key of the installation, made on first use and shared by all processes."""
        if self._key:
            return
        key = await read_setting(self._runtime.database, KEY)
        if key is None:
            await self._runtime.database.write(partial(add_setting, key=KEY, value=secrets.token_urlsafe(32)))
            key = await read_setting(self._runtime.database, KEY) or ""
        self._key = hashlib.sha256(key.encode()).digest()

    def seal_offer(self, person: Person, target: Target, args: Sequence[Any]) -> str:
        """Seals a button of a page: only this person can send it back, and only unchanged."""
        route = self._runtime.router.route_for(target)
        offer = PageOffer(
            person.id, route.name, self._runtime.router.encode_arguments(route.name, args), self._runtime.now_ms() + LIFE_MS
        )
        body = msgspec.json.encode(offer)
        return f"{_encode_b64(body)}.{_encode_b64(self._make_mac(body))}"

    def seal_button(self, person: Person, button: Button) -> str:
        """Seals a `Button`; returns "" where it is not for this person or its route is not in use."""
        mine = not button.allowed or person.id in [who.id for who in button.allowed]
        known = not isinstance(button.target, RouteName) or button.target.name in self._runtime.router.routes
        return self.seal_offer(person, button.target, button.args) if mine and known else ""

    async def resolve_offer(self, ctx: Context, event: ButtonPress) -> tuple[Route, dict[str, Any]] | None:
        """Returns the route and arguments of an offer; None when it was not made to this person, or has expired."""
        await self.load_key()
        body, _, seal = event.token.partition(".")
        try:
            raw, mac = _decode_b64(body), _decode_b64(seal)
        except ValueError:
            return None
        if ctx.sender is None or not hmac.compare_digest(mac, self._make_mac(raw)):
            return None
        offer = msgspec.json.decode(raw, type=PageOffer)
        route = self._runtime.router.routes.get(offer.route)
        if route is None or offer.person != ctx.sender.id or offer.until < to_ms(event.at):
            return None
        try:
            values = load_arguments(route.params, offer.args, self._runtime.people)
        except ValueError:
            return None
        return route, values | self._read_fields(ctx, route, event.raw.get("fields", {}))

    def _read_fields(self, ctx: Context, route: Route, fields: Mapping[str, str]) -> dict[str, Any]:
        """Reads the fields of a form; an unreadable value is asked for, as in a chat."""
        around = ParseContext(ctx.now, self._runtime.zone, ctx.people, speaker=ctx.sender)
        values: dict[str, Any] = {}
        for param in route.params:
            if text := fields.get(param.name, "").strip():
                values |= bind_answer(param, text[:4000], around).values
        return values

    def seal_text(self, words: str) -> str:
        """Returns a short MAC (15 bytes, base64) of some words, for addresses of pictures."""
        return _encode_b64(self._make_mac(words.encode())[:15])

    def _make_mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _encode_b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode_b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
