"""A story as a list of steps, so that the same can be told with a restart after any of them."""

import itertools
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pendopo import Row
from pendopo.plugin import Plugin
from pendopo.testing import PROFILES, Story
from pendopo.testing.actor import GROUP
from pendopo.testing.story import DEMO

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


async def play_story(
    plugins: Sequence[Plugin], steps: Sequence[Step], profile: str, folder: Path, model: type[Row], restart_after: int = -1
) -> dict[str, Any]:
    """What is seen and kept at the end of a story, with a restart after one of its steps."""
    database = f"sqlite:///{folder}/{next(NUMBERS)}.db"
    async with Story(plugins, database=database, profile=profile) as story:
        for number, step in enumerate(steps):
            await tell(story, step)
            if number == restart_after:
                await story.restart()
        return await read_state(story, model)


async def read_state(story: Story, model: type[Row]) -> dict[str, Any]:
    """Every screen as it stands, the states, the arrows, and what is planned."""
    screens = {name: [_shown(shown) for shown in story.actor(name).messages] for name in (*DEMO, GROUP)}
    rows: Sequence[Any] = await story.stored.list_rows(model)
    states = [(row.id, row.status) for row in rows]
    plans = sorted((row.key, row.route, row.due_at) for row in await story.stored.list_reminders(state="waiting"))
    return {"screens": screens, "states": states, "arrows": await list_moves(story, model), "plans": plans}


async def list_moves(story: Story, model: type[Row]) -> list[tuple[str, str]]:
    """From where to where things went, as the audit log says."""
    lines = [line for line in await story.stored.list_audit_lines() if line.object.startswith(f"{model.__tablename__}/")]
    return [(line.note.detail["dari"], line.note.detail["ke"]) for line in lines if isinstance(line.note.detail.get("ke"), str)]


def _shown(shown: Any) -> tuple[str, list[str]]:
    return shown.text, [choice.title for choice in shown.buttons]


def path(said: str) -> list[tuple[str, str]]:
    """`a b c` as the arrows a → b → c."""
    return list(pairwise(said.split()))


async def restarted_anywhere(plugin: Plugin, steps: Sequence[Step], folder: Path, model: type[Row], shift: int) -> None:
    """Tell a story once for each of its steps, with a restart after it, and see that nothing is different."""
    profiles = sorted(PROFILES)
    for after in range(len(steps)):
        profile = profiles[(shift + after) % len(profiles)]
        without = await play_story([plugin], steps, profile, folder, model)
        assert await play_story([plugin], steps, profile, folder, model, after) == without
