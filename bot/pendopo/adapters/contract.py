"""The contract between the engine and one messenger account.

An adapter *receives* native deliveries and passes them on almost unparsed (`Incoming`), *converts* them into events once
the engine has stored them (a pure function: it may run again after a crash), and *sends* rendered content.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

from pendopo.model import Account, Attachment, Capabilities, Chat, Content, Event


class Incoming(Struct, frozen=True):
    """One native delivery, verified but not yet interpreted."""

    key: str
    """The messenger's own id, unique within `kind`."""
    kind: str
    chat: str
    """The native chat id, which decides the lane."""
    body: bytes
    """The bytes from which `convert` makes events."""
    album: str = ""
    """The same for all parts of an album that arrive one by one."""
    files: bool = False
    """Whether it brings files; messengers keep them only for a short time, so they are fetched once it is stored."""


class AdapterHealth(Struct, frozen=True):
    """Whether the messenger can be reached, with a note for the operator."""

    ok: bool
    seconds: float = -1.0
    """Since the messenger was last heard; -1 if it never was."""
    note: str = ""


class Look(str):
    """What a check of `pendopo doctor` returns for something that works, and that an operator should look at or decide."""


@runtime_checkable
class BillingSource(Protocol):
    """An adapter whose messenger charges for messages."""

    def count_charges(self) -> Mapping[tuple[str, bool], int]:
        """The number of messages since the start, by (price category, whether they are charged for)."""


@runtime_checkable
class WebhookChallenge(Protocol):
    """An adapter whose messenger verifies the webhook address by asking for an echo."""

    def answer_challenge(self, query: Mapping[str, str]) -> str:
        """The text to answer with. Raises `InvalidWebhookError` if the request is not the messenger's."""


@runtime_checkable
class DeliveryEnricher(Protocol):
    """An adapter that must ask its gateway for more before a delivery is stored, such as the phone behind a hidden number."""

    async def enrich_incoming(self, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
        """The same deliveries with the answers added. Quick, and never raises."""


class AdapterHost(Protocol):
    """What the engine offers to an adapter."""

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        """Store deliveries durably. Raises if that fails, and then the adapter must not acknowledge them."""

    async def run_exclusive(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run work that only one process may do for this account (polling, a websocket) while this process is the leader.

        Returns when the work does, and raises what it raises; the work is cancelled when another process becomes the leader.
        """

    def get_blob_path(self, sha256: str) -> Path:
        """The local file that holds a stored blob, for reading only. Raises `FileNotFoundError`."""

    def now(self) -> datetime:
        """The time by the engine's clock, UTC-aware."""

    async def get_last_seen(self, chat: Chat) -> datetime | None:
        """When a person last wrote in this chat, accurate to a minute; None if never. Survives a restart."""

    def list_commands(self, locale: str) -> Sequence[tuple[str, str]]:
        """The commands for a messenger's menu in a language, each with a one-line description."""


class Adapter(Protocol):
    """One account on one messenger. One whose people sit at this machine has `local = True`, and may get addresses of it."""

    name: str
    """Unique in the installation; part of every chat key."""
    handle: str
    """The bot's own user name in lower case, as in `/izin@handle`; "" if it has none."""

    @property
    def invitation(self) -> str:
        """A URL that opens a private chat with the bot, for messengers where a bot may not write first; else ""."""

    def capabilities(self, chat: Chat) -> Capabilities:
        """What this chat can show; called for every delivery."""

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """Verify a webhook request by its raw bytes and split it; header names are lower-case. Raises `InvalidWebhookError`."""

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        """Turn a stored delivery into events: pure, no I/O. Any exception makes the delivery a dead letter."""

    def private_chat(self, account: Account) -> Chat | None:
        """The private chat with an account; None if the messenger does not let it be derived from the account alone."""

    def connect(self, host: AdapterHost) -> None:
        """Receive the host; called once, before anything is received or sent."""

    async def run(self) -> None:
        """Fetch deliveries for the host until cancelled (polling, websocket); with webhooks, only wait."""

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        """Send rendered content; returns its native id. `key` is the same for every attempt. Raises a `SendError`."""

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        """Edit a message in place; unchanged content is not an error. Raises a `SendError`."""

    async def show_typing(self, chat: Chat) -> None:
        """Show that the bot is preparing an answer, if the messenger can. Never raises."""

    async def answer_press(self, press_key: str, text: str) -> None:
        """Acknowledge a button press at once, with a short text or ""; a press too old to answer is not an error."""

    def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of an attachment, in pieces. Raises a `SendError`."""

    def health(self) -> AdapterHealth:
        """The last known state of the messenger; makes no request."""

    async def close(self) -> None:
        """Close all connections; called once, after `run` has ended."""
