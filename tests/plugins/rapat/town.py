"""A town of thirty heads on mixed messengers, and the words and rows that stories look at."""

from pathlib import Path
from typing import Any

import msgspec
from pendopo.config import Settings
from pendopo.model import Document
from pendopo.store import open_database
from pendopo.store.migrate import Schema, core_schema, upgrade_schema
from pendopo.testing import Story
from pendopo.testing.actor import Actor
from pendopo.testing.messenger import ShownMessage
from pendopo_izin import plugin as izin
from pendopo_rapat import plugin as rapat
from pendopo_rapat.models.meetings import Rapat

HEADS = [f"Kadis {n:02d}" for n in range(1, 29)]
"""With the Sekda and the mayor they are thirty."""
ON_WA = frozenset(range(3, 29, 3))
"""Heads whose only messenger is WhatsApp; the others are on Telegram, and number two on both."""
BOTH = 2


def directory() -> str:
    """The thirty as a directory file, with the forum they are all in."""
    lines = ['[[unit]]\ncode = "kota"\nname = "Pemerintah Kota"\n']
    lines += [_post("walikota", "Wali Kota", "", "walikota"), _post("sekda", "Sekda", "walikota", "sekda")]
    lines += [_person("Dewi Anggraeni", "walikota", ["memory:walikota"])]
    lines += [_person("Bambang Suryana", "sekda", ["memory:sekda"])]
    for n, title in enumerate(HEADS, 1):
        accounts = [f"wa:k{n:02d}"] if n in ON_WA else [f"memory:k{n:02d}", *([f"wa:k{n:02d}"] if n == BOTH else [])]
        lines += [
            _post(f"kadis-{n:02d}", title, "sekda", "kepala_opd"),
            _person(f"Kepala {_word(n)}", f"kadis-{n:02d}", accounts),
        ]
    for n in (1, 2):
        lines += [_post(f"sekdis-{n:02d}", f"Sekdis {n:02d}", f"kadis-{n:02d}", "sekdis")]
        lines += [_person(f"Sekretaris {_word(n)}", f"sekdis-{n:02d}", [f"memory:s{n:02d}"])]
    lines.append(
        '[[forum]]\nname = "Forum Pimpinan"\nchats = ["memory:forum"]\nmembers = ["walikota", "sekda", "kepala_opd"]\n'
    )
    return "\n".join(lines)


def _word(n: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n % 26] + "abcdefghijklmnopqrstuvwxyz"[n // 26] + "ri"


def _post(code: str, title: str, superior: str, role: str) -> str:
    above = f'superior = "{superior}"\n' if superior else ""
    return f'[[post]]\ncode = "{code}"\ntitle = "{title}"\nunit = "kota"\n{above}roles = ["{role}"]\n'


def _person(name: str, post: str, accounts: list[str]) -> str:
    listed = ", ".join(f'"{account}"' for account in accounts)
    return f'[[person]]\nname = "{name}"\nposts = ["{post}"]\naccounts = [{listed}]\n'


def make_town(tmp_path: Path, profile: str = "telegram", database: str = "", settings: dict[str, Any] | None = None) -> Story:
    """A story of the thirty: Telegram, and WhatsApp beside it."""
    return Story(
        [rapat, izin],
        profile=profile,
        database=database or f"sqlite:///{tmp_path}/town.db",
        directory=directory(),
        messengers={"wa": "whatsapp"},
        settings=Settings.model_validate(settings or {}),
    )


async def prepared(url: str) -> None:
    """Make the tables of a PostgreSQL database; SQLite makes its own at the start."""
    database = open_database(url)
    if database.postgres:
        engine = database.make_engine()
        upgrade_schema(engine, core_schema())
        for plugin in (rapat, izin):
            assert plugin.tables is not None
            upgrade_schema(engine, Schema(plugin.name, plugin.path / "migrations", plugin.tables.metadata))
        engine.dispose()
    await database.close()


def get_head(story: Story, n: int) -> Actor:
    """A head of department, on the messenger they use."""
    return story.actor(f"k{n:02d}", on="wa" if n in ON_WA else "")


async def get_state(story: Story, number: int = 1) -> str:
    return next(row.status for row in await story.stored.list_rows(Rapat) if row.id == number)


async def list_actions(story: Story, prefix: str = "rapat.") -> list[str]:
    return [line.action for line in await story.stored.list_audit_lines(prefix)]


async def get_capacity(story: Story, action: str) -> str:
    """In what the newest such line of the audit log was done."""
    return [line.capacity for line in await story.stored.list_audit_lines() if line.action == action][-1]


def read_document(story: Story, shown: ShownMessage) -> bytes:
    """The bytes of a document somebody got."""
    assert isinstance(shown.content, Document)
    return story.app.core.blobs.path(shown.content.blob).read_bytes()


def read_documents(story: Story, actor: Actor, ending: str) -> list[bytes]:
    """The documents in somebody's private chat whose name ends so, oldest first."""
    found = [s for s in actor.messages if isinstance(s.content, Document) and s.content.name.endswith(ending)]
    return [read_document(story, shown) for shown in found]


async def read_note(story: Story, action: str) -> dict[str, Any]:
    """What stands beside the newest such line of the audit log."""
    lines = [line for line in await story.stored.list_audit_lines() if line.action == action]
    return msgspec.structs.asdict(lines[-1].note)
