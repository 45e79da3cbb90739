"""One of two processes in which somebody decides: `python -m tests.chaos.deciding DATABASE PERSON TOKEN`.

It says "up" when it runs and waits for a line to touch the button; "ready" when its handler has read and decided but not
committed, and waits for a line to commit. Its last line is what the person sees, as JSON.
"""

import asyncio
import itertools
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from pendopo.config import RawSection, Settings
from pendopo.engine import app
from pendopo.model import ButtonPress, Message, Text
from pendopo.testing import Story
from pendopo.testing.messenger import ShownMessage
from pendopo_izin import plugin as izin

SETTINGS = Settings(plugin={"izin": RawSection({"jenis": {"dinas": {"rute": [{"oleh": ["role:sekda", "role:walikota"]}]}}})})
"""Either of two decides; the first decision counts."""


def story_on(database: str, first_number: int) -> Story:
    """A bot on a shared database; its messenger counts from `first_number`, so that no two messages have one id."""
    story = Story([izin], database=database, settings=SETTINGS, alone=False)
    story.messenger._numbers = itertools.count(first_number)
    return story


def hold(story: Story, until: Callable[[], Awaitable[Any]], kind: type[ButtonPress | Message] = ButtonPress) -> None:
    """Let the next event of a kind, a decision say, wait just before it is committed."""
    work = story.app.dispatcher._work
    commit, waited = work.commit, list[bool]()

    async def held(ctx: Any, row: Any, mark: Any) -> None:
        if isinstance(ctx.event, kind) and not waited:
            waited.append(True)
            await until()
        await commit(ctx, row, mark)

    work.commit = held


def list_texts(story: Story, person: str) -> list[str]:
    """What somebody sees in this process, with the short notes on their touches."""
    return [*(shown.text for shown in story.actor(person).messages), *(text for _, text in story.messenger.toasts if text)]


async def main(database: str, person: str, token: str) -> None:
    async def wait(saying: str) -> None:
        sys.stdout.write(f"{saying}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)

    app.SWEEP_SECONDS = 3600.0  # what lies in the database is each process's own here
    async with story_on(database, 10_000) as story:
        await wait("up")
        hold(story, lambda: wait("ready"))
        await story.actor(person).presses_token(token, ShownMessage("b1", person, Text()))
        sys.stdout.write(json.dumps(list_texts(story, person)) + "\n")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(*sys.argv[1:]))
