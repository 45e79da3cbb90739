"""Tries every text on everything that reads one: `python -m tests.growth [WORD …]`, `--long` up to 65,536 letters."""

import asyncio
import sys

from tests.growth.harness import FAMILIES, LONG, SIZES, find_steep, list_entries, list_readers, read, say, tell_story


async def main(only: list[str], sizes: tuple[int, ...]) -> int:
    """Prints what grows faster than its text; returns how much that is."""
    found = 0
    for name, reader in list_readers().items():

        async def measure(text: str, reader: object = reader) -> float:
            return read(reader, text)  # type: ignore[arg-type]

        found += await _try_families(name, measure, sizes, only)
    async with tell_story() as story:
        for entry in list_entries(story):

            async def speak(text: str, entry: str = entry) -> float:
                return await say(story, entry, text)

            found += await _try_families(entry, speak, sizes, only)
    return found


async def _try_families(name: str, measure: object, sizes: tuple[int, ...], only: list[str]) -> int:
    if only and not any(word in name for word in only):
        return 0
    steep = [said for family in FAMILIES if (said := await find_steep(measure, family, sizes))]  # type: ignore[arg-type]
    print(name, *steep, sep="\n  ", flush=True)
    return len(steep)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    raise SystemExit(bool(asyncio.run(main(words, (*SIZES, LONG) if "--long" in sys.argv else SIZES))))
