"""The simulator's first minute: what to tap, step by step, and a command of each plugin."""

from collections.abc import Iterable
from typing import NamedTuple

from pendopo.engine.app import App

FIRST = ("/bantuan", "/masuk")
"""Commands that stand before the others."""


class Step(NamedTuple):
    """One tap: the title of whoever speaks, what they type to the bot, and what that means."""

    title: str
    text: str
    label: str


STORY = (
    Step("Kadis PU", "/izin besok jam 9 sampai jam 12 rapat koordinasi di provinsi", "minta izin"),
    Step("Kadis PU", "kirim", "mengirimnya kepada Sekda"),
    Step("Sekda", "setuju", "menyetujuinya"),
    Step("Lurah Dago", "/laporan banjir setinggi 40 cm di Kel. Dago depan pasar", "melaporkan banjir"),
    Step("Sekda", "/rapat Evaluasi banjir besok jam 13 di Balai Kota undang Kadis PU", "menyiapkan rapat"),
    Step("Sekda", "undang", "mengundang"),
    Step("Kadis PU", "/ingatkan besok jam 7 bawa data pompa", "minta diingatkan"),
)


def match_story(titles: Iterable[str]) -> tuple[Step, ...]:
    """The story, where everybody in it has a phone; else none of it."""
    known = set(titles)
    return STORY if all(step.title in known for step in STORY) else ()


def list_commands(app: App) -> tuple[str, ...]:
    """One command of each plugin, for people to find what there is."""
    commands: dict[str, str] = {}
    for route in app.core.router.routes.values():
        for word in route.words[:1]:
            if route.plugin not in commands or word == route.plugin or f"/{word}" in FIRST:
                commands[route.plugin] = f"/{word}"
    return (*FIRST, *(command for command in commands.values() if command not in FIRST))
