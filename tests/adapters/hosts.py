"""The engine as a test of one adapter needs it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pendopo.adapters.contract import Incoming
from pendopo.model import Chat


class BareHost:
    """A host that forgets what it is given and holds no blob; a test replaces what it looks at."""

    async def accept(self, incoming: Sequence[Incoming]) -> None:
        return

    async def run_exclusive(self, work: Callable[[], Awaitable[None]]) -> None:
        await work()

    def get_blob_path(self, sha256: str) -> Path:
        raise FileNotFoundError(sha256)

    def now(self) -> datetime:
        return datetime(2026, 8, 13, 2, 0, tzinfo=UTC)

    async def get_last_seen(self, chat: Chat) -> datetime | None:
        return None

    def list_commands(self, locale: str) -> Sequence[tuple[str, str]]:
        return ()
