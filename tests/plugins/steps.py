"""A story as a list of steps, so that the same can be told with a restart after any of them."""

import itertools
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from bot.plugin import Plugin
from bot.testing import PROFILES, Story
from bot.testing.actor import GROUP
from bot.testing.story import DEMO

Step = tuple[str, str]
"""Who, and what: "/izin …" or other words are said, "[Kirim]" is touched, and of "waktu" so many hours pass."""
NUMBERS = itertools.count(1)


async def tell(story: Story, step: Step) -> None:
    """One step. A name with "@" speaks in the group."""
    who, what = step
    if who == "waktu":
        await story.advance(hours=float(what))
        return
    actor, here = story.actor(who.lstrip("@")), who.startswith("@")
    if what.startswith("["):
        await actor.presses(what.strip("[]"), group=here)
    else:
        await actor.says(what, group=here)


async def told(
    plugins: Sequence[Plugin], steps: Sequence[Step], profile: str, folder: Path, table: str, restart_after: int = -1
) -> dict[str, Any]:
    """What is seen and kept at the end of a story, with a restart after one of its steps."""
    database = f"sqlite:///{folder}/{next(NUMBERS)}.db"
    async with Story(plugins, database=database, profile=profile) as story:
        for number, step in enumerate(steps):
            await tell(story, step)
            if number == restart_after:
                await story.restart()
        return await seen(story, table)


async def seen(story: Story, table: str) -> dict[str, Any]:
    """Every screen as it stands, the states, the arrows, and what is planned."""
    read = story.app.database.read
    screens = {name: [_shown(shown) for shown in story.actor(name).messages] for name in (*DEMO, GROUP)}
    states = await read(f"SELECT id, status FROM {table} ORDER BY id")  # noqa: S608  our own name
    plans = await read("SELECT key, route, due_at FROM reminder WHERE state = 'waiting' AND key NOT LIKE 'cron:%' ORDER BY key")
    return {"screens": screens, "states": states, "arrows": await arrows(story, table), "plans": plans}


async def arrows(story: Story, table: str) -> list[tuple[str, str]]:
    """From where to where things went, as the audit log says."""
    sql = "SELECT n.body FROM audit a JOIN audit_note n ON n.id = a.id WHERE a.object LIKE ? ORDER BY a.id"
    notes: list[Mapping[str, Any]] = [
        msgspec.json.decode(body)["detail"] for (body,) in await story.app.database.read(sql, (f"{table}/%",))
    ]
    return [(note["dari"], note["ke"]) for note in notes if isinstance(note.get("ke"), str)]


def _shown(shown: Any) -> tuple[str, list[str]]:
    return shown.text, [choice.title for choice in shown.buttons]


def path(said: str) -> list[tuple[str, str]]:
    """`a b c` as the arrows a → b → c."""
    return list(pairwise(said.split()))


async def restarted_anywhere(plugin: Plugin, steps: Sequence[Step], folder: Path, table: str, shift: int) -> None:
    """Tell a story once for each of its steps, with a restart after it, and see that nothing is different."""
    profiles = sorted(PROFILES)
    for after in range(len(steps)):
        profile = profiles[(shift + after) % len(profiles)]
        without = await told([plugin], steps, profile, folder, table)
        assert await told([plugin], steps, profile, folder, table, after) == without
