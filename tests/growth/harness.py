"""Feeds whatever reads people's words with texts made to be slow, and measures whether time grows faster than length."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pendopo import when
from pendopo.adapters.telegram import markup as telegram
from pendopo.adapters.waha import markup as waha
from pendopo.adapters.whatsapp_cloud import markup as cloud
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import LimitSettings, PluginSettings, Settings
from pendopo.engine.inbound.typed_choices import read_number, split_words
from pendopo.engine.outbound.render import render
from pendopo.i18n import Catalogues
from pendopo.model import Capabilities, Text, TextRun
from pendopo.model.cleaning import clean_file_name, clean_texts
from pendopo.paper import Appointment, Paper, make_ics
from pendopo.plugin.command_text import parse_command, parse_first_word
from pendopo.testing import Story
from pendopo.testing.clock import START

from tests.directory.town import make_people
from tests.plugins.rapat.town import directory

SIZES = (1024, 4096)
LONG = 65_536
ENOUGH = 0.15
"""CPU seconds that a text may take whatever its length: less is not worth measuring."""
STEEP = 1.6
"""How much faster than the length the time may grow: linear work with a noisy clock, and nothing quadratic."""

PIECES = (
    "@", " ", "\n", ",", ";", "-", "/", ":", ".", "(", '"', "#", "*", "_", "a", "1", "0",
    "\u3000", "\u200d", "a\u0301", "👨\u200d👩\u200d👧", "İ", "ﬁ", "٣",
    "a ", "1 ", "12/8/2026 ", "senin ", "jam 9 ", "jam 9-10 ", "sampai besok ", "setiap senin ", "5 hari ", "; besok jam 9",
    "dan ", "Kadis ", "Kadis PU, ", "Kepla ", "Pak ", "@kadis ", "kecuali Kadis, ", "undang ", "diwakili ", "dari ",
    "- a\n", "1. a\n", "a: b\n", "Rp 1.000 ", "http://a.b ", "Jl. ", "Kec. ", "karena ", "tidak ", "setuju ",
)  # fmt: skip
"""What is repeated: signs that readers look for, and the words by which sentences go on."""

Reader = Callable[[str], object]


def make_texts(size: int) -> Iterator[tuple[str, str]]:
    """Names and texts of so many letters: one piece repeated, and the same between words that fit nothing."""
    for piece in PIECES:
        whole = (piece * (size // len(piece) + 1))[:size]
        yield repr(piece), whole
        yield f"a {piece!r} !", f"a {whole[: size - 4]} !"


def list_readers() -> dict[str, Reader]:
    """Functions that read or write people's words, by name."""
    people, catalogues = make_people(), Catalogues(ZoneInfo("Asia/Jakarta"))
    able = Capabilities(text=4096)
    return {
        "when": lambda text: when.parse(text, START),
        "people.named_in": people.named_in,
        "people.iter_names": lambda text: list(people.iter_names(text)),
        "people.suggest": people.suggest_persons,
        "people.persons_like": people.persons_like,
        "people.units_like": people.units_like,
        "people.posts_like": people.posts_like,
        "people.find_opening": people.find_opening,
        "telegram": lambda text: telegram.format_html([TextRun(text, bold=True)]),
        "waha": lambda text: waha.format_runs([TextRun(text, bold=True)]),
        "cloud": lambda text: cloud.format_runs([TextRun(text, bold=True), TextRun(text)]),
        "cloud.split": lambda text: cloud.split_runs([TextRun(text, bold=True)], 1024, 1024),
        "render": lambda text: render(Text(spans=(TextRun(text),)), able, "id", catalogues),
        "cleaning": lambda text: (clean_file_name(text), clean_texts(TextRun(text))),
        "typed_choices": lambda text: (read_number(text), split_words(text)),
        "command_text": lambda text: (parse_command(text, loose=True), parse_first_word(text)),
        "paper": _make_paper,
        "ics": _make_calendar,
    }


def _make_paper(text: str) -> bytes:
    paper = Paper("x")
    paper.add_paragraph(text)
    paper.add_table(["a", "b"], [[text, text]])
    return paper.to_bytes()


def _make_calendar(text: str) -> bytes:
    return make_ics([Appointment(uid="a@b", title=text, start=START, end=START, made_at=START)])


@asynccontextmanager
async def tell_story() -> AsyncIterator[Story]:
    """A bot with all plugins that ship, a directory of thirty, and nobody limited."""
    settings = Settings(limits=LimitSettings(per_person=0, per_chat=0))
    plugins = list(find_plugins(PluginSettings()).plugins)
    async with Story(plugins, directory=directory(), settings=settings) as story:
        yield story


def list_entries(story: Story) -> list[str]:
    """Ways to bring a text to the bot: each command, and those of `WAYS`."""
    words = sorted({route.words[0] for route in story.app.core.router.routes.values() if route.words})
    return [*WAYS, *(f"/{word} " for word in words)]


async def say(story: Story, entry: str, text: str) -> float:
    """CPU seconds until the bot has done with a text."""
    sekda = story.actor("sekda")
    if entry == "answer":
        await sekda.says("/ingatkan saya")
    begun = time.process_time()
    if entry == "page":
        await sekda.opens("/izin?q=" + quote(text))
    else:
        said = text if entry in WAYS else entry + text
        await sekda.says(said, group=entry == "group", files=[("a.pdf", b"%PDF-1.4")] if entry == "caption" else ())
    spent = time.process_time() - begun
    await sekda.says("/batal")
    story.messenger.screen.clear()
    return spent


def read(reader: Reader, text: str) -> float:
    """CPU seconds that a function takes for a text."""
    begun = time.process_time()
    reader(text)
    return time.process_time() - begun


async def find_steep(measure: Callable[[str], Awaitable[float]], family: str, sizes: tuple[int, ...]) -> str:
    """Names how the time grew, where it grew faster than the text; "" where it did not. What seems so is measured again."""
    texts = {size: dict(make_texts(size))[family] for size in sizes}
    spent = {size: await measure(texts[size]) for size in sizes}
    for small, large in pairwise(sizes):
        allowed = max(ENOUGH * large / SIZES[-1], spent[small] * large / small * STEEP)
        if spent[large] > max(ENOUGH, allowed):
            spent = {size: min(spent[size], await measure(texts[size])) for size in sizes}
            allowed = max(ENOUGH, ENOUGH * large / SIZES[-1], spent[small] * large / small * STEEP)
            if spent[large] > allowed:
                return f"{family}: " + ", ".join(f"{size}: {seconds:.3f} s" for size, seconds in spent.items())
    return ""


WAYS = ("private", "answer", "group", "caption", "page")
"""Words alone, the answer to a question, chatter in a group, what stands beside a file, and what is sought on a page."""
FAMILIES = tuple(name for name, _ in make_texts(8))
