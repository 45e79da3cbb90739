"""The contract between the engine and one messenger account.

An adapter *receives* native deliveries and hands them over almost unparsed (`Incoming`), *converts* them into events when
the engine has stored them (a pure function: it may run again after a crash), and *sends* rendered content.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

from pendopo.model import Account, Attachment, Capabilities, Chat, Content, Event


class Incoming(Struct, frozen=True):
    """One native delivery, verified and not yet understood.

    `key` is the messenger's own id, unique with `kind`; `chat` the native chat id, which decides the lane; `album` groups
    the parts of an album that arrive one by one; `body` the raw bytes from which `convert` makes events. `files`: it brings
    files that the messenger does not keep for long, so they are fetched as soon as it is stored.
    """

    key: str
    kind: str
    chat: str
    body: bytes
    album: str = ""
    files: bool = False


class AdapterHealth(Struct, frozen=True):
    """Whether the messenger is in reach; `seconds` since the last sign of it, -1 when there never was one."""

    ok: bool
    seconds: float = -1.0
    note: str = ""


@runtime_checkable
class BillingSource(Protocol):
    """An adapter whose messenger charges for messages."""

    def count_charges(self) -> Mapping[tuple[str, bool], int]:
        """How many messages there were of each category of price, and whether they are charged for, since the start."""
        ...


@runtime_checkable
class WebhookChallenge(Protocol):
    """An adapter whose messenger proves our address by asking for an echo."""

    def answer_challenge(self, query: Mapping[str, str]) -> str:
        """What to answer. Raises `InvalidWebhookError` when the question is not the messenger's."""
        ...


@runtime_checkable
class DeliveryEnricher(Protocol):
    """An adapter that must ask its gateway something before a delivery can be stored: who hides behind a number."""

    async def enrich_incoming(self, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
        """The same deliveries with what was found out. Quick, and never raises."""
        ...


class AdapterHost(Protocol):
    """What the engine lends an adapter."""

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        """Returns once everything is durably stored; raises when it is not, and then nothing may be acknowledged."""
        ...

    async def run_exclusive(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do what only one of several processes may do for this account (poll, keep a websocket), while it is this one's turn.

        Returns when the work does, and raises what it raises; it is cancelled when another process takes its turn.
        """
        ...

    def get_blob_path(self, sha256: str) -> Path:
        """The local file that holds a stored blob, for reading only. Raises `FileNotFoundError`."""
        ...

    def now(self) -> datetime:
        """The time by the engine's clock, UTC-aware."""
        ...

    async def get_last_seen(self, chat: Chat) -> datetime | None:
        """When somebody last wrote in this chat, to within a minute; None when never. Survives a restart."""
        ...

    def list_commands(self, locale: str) -> Sequence[tuple[str, str]]:
        """The commands worth offering in a messenger's menu, each with a line on what it does, in this language."""
        ...


class Adapter(Protocol):
    """One account on one messenger.

    `name` is unique in the installation and stands in every chat key; `handle` is the bot's own user name in lower case, as in
    `/izin@handle`, or empty where there is none.
    """

    name: str
    handle: str

    @property
    def invitation(self) -> str:
        """An address that opens a private chat with the bot, where it may not write first; "" where there is no such thing."""
        ...

    def capabilities(self, chat: Chat) -> Capabilities:
        """What this chat can show; asked anew for every delivery."""
        ...

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        """Verify one webhook request on its raw bytes and take it apart. Header names are lower-case.

        Raises `InvalidWebhookError` when the signature or the shape is wrong.
        """
        ...

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        """Turn one stored delivery into events: pure, no I/O. Raises anything on what it cannot read (a dead letter)."""
        ...

    def private_chat(self, account: Account) -> Chat | None:
        """The private chat with this account, where the messenger lets it be derived from the account alone."""
        ...

    def connect(self, host: AdapterHost) -> None:
        """Take hold of the engine; called once, before anything is received or sent."""
        ...

    async def run(self) -> None:
        """Fetch deliveries for the host until cancelled (polling, websocket); one fed by webhooks just waits."""
        ...

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        """Send rendered content and return its native id. `key` is the same on every attempt. Raises a `SendError`."""
        ...

    async def edit(self, chat: Chat, native_id: str, content: Content) -> None:
        """Change a message in place; the same content again is no error. Raises a `SendError`."""
        ...

    async def show_typing(self, chat: Chat) -> None:
        """Show that an answer is being made, where the messenger can. Never raises: it is a courtesy."""
        ...

    async def answer_press(self, press_key: str, text: str) -> None:
        """Acknowledge a button press at once, with a short text or none; a press too old to answer is no error."""
        ...

    def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of a file that came with a message, in pieces. Raises a `SendError`."""
        ...

    def health(self) -> AdapterHealth:
        """The messenger's state as last seen, without asking it."""
        ...

    async def close(self) -> None:
        """Let go of connections; called once, after `run` has ended."""
        ...
