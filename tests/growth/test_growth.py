"""What one message costs grows no faster than its length, whatever it holds. `python -m tests.growth` tries everything."""

import asyncio
import os
import random
import time

import pytest

from tests.growth.harness import (
    FAMILIES,
    SIZES,
    Reader,
    find_steep,
    list_entries,
    list_readers,
    make_texts,
    read,
    say,
    tell_story,
)

SEED = int(os.environ.get("PENDOPO_GROWTH_SEED", "21"))
READERS = list_readers()


def draw(key: str, count: int) -> list[str]:
    """Some families of texts, others for each key and seed."""
    return random.Random(f"{SEED} {key}").sample(FAMILIES, count)


@pytest.mark.parametrize("name", sorted(set(READERS) - {"paper", "ics"}))
def test_no_reader_of_words_is_steep(name: str) -> None:
    async def measure(text: str) -> float:
        return read(READERS[name], text)

    found = [said for family in draw(name, 12) if (said := asyncio.run(find_steep(measure, family, SIZES)))]
    assert found == []


async def test_no_command_dialog_or_chatter_is_steep() -> None:
    async with tell_story() as story:
        found = []
        for entry in random.Random(SEED).sample(list_entries(story), 12):

            async def speak(text: str, entry: str = entry) -> float:
                return await say(story, entry, text)

            found += [f"{entry}{said}" for family in draw(entry, 2) if (said := await find_steep(speak, family, SIZES))]
        assert found == []


@pytest.mark.parametrize("sign", ["@", "-", ",", ";", "Kadis "])
async def test_what_once_stopped_every_process_is_quick(sign: str) -> None:
    async with tell_story() as story:
        for command in ("/tl", "/putus", "/usul", "/notulen"):
            assert await say(story, f"{command} ", (sign * 4096)[:4000]) < 1.0


def test_a_steep_reader_is_found() -> None:
    async def measure(text: str, reader: Reader = lambda text: [text.count(text[at:]) for at in range(len(text))]) -> float:
        begun = time.process_time()
        while time.process_time() - begun < (len(text) / 4096) ** 3 / 3:
            reader(text[:50])
        return time.process_time() - begun

    assert asyncio.run(find_steep(measure, FAMILIES[0], SIZES)).startswith("'@': 1024: 0.")


def test_every_text_is_as_long_as_it_says() -> None:
    for size in SIZES:
        assert {len(text) for _, text in make_texts(size)} == {size}
