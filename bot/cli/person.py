"""`pendopo person`: what is held about somebody, written out or erased (UU 27/2022)."""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import CycloptsError, Parameter

from bot.engine import subjects
from bot.engine.core import Core
from bot.errors import OperatorError
from bot.model import Person

from .beside import core_beside, person_named
from .compose import beside, make_folder
from .given import Given, Options
from .output import print_json


def export(who: str, /, *, files: Path | None = None, given: Given) -> int:
    """Write everything that is held about a person to standard output, as JSON.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account (telegram:1000000001).
    files
        A folder to copy their photos and files into, by the names the JSON gives them.
    """
    print_json(asyncio.run(_export(given, who, files)))
    return 0


def erase(who: str, /, *, yes: Annotated[bool, Parameter(name="--yes", negative="")] = False, given: Given) -> int:
    """Erase the words about a person everywhere, and end every access. It cannot be taken back.

    What was decided stays, by number; the audit log still holds.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account.
    yes
        It is really meant.
    """
    if not yes:
        raise CycloptsError(msg=f"this cannot be taken back; if it is meant: pendopo person erase {who!r} --yes")
    touched = asyncio.run(_erase(given, who))
    if given.json:
        print_json({"erased": touched})
    else:
        print("Erased: " + ", ".join(f"{count} of {name}" for name, count in touched.items()) + ". Check: pendopo audit verify")
    return 0


async def _export(given: Options, who: str, folder: Path | None) -> dict[str, Any]:
    settings = given.settings()
    async with beside(settings) as database:
        core = await core_beside(settings, database)
        person = _somebody(core, who)
        if folder is not None:
            make_folder(folder)
            await _copy(core, person, folder)
        return await subjects.export(core, person)


async def _copy(core: Core, person: Person, folder: Path) -> None:
    for name in await subjects.files_of(core, person):
        try:
            shutil.copyfile(await core.blobs.here(name), folder / name)
        except FileNotFoundError:
            print(f"{name} is not there any more", file=sys.stderr)


async def _erase(given: Options, who: str) -> dict[str, int]:
    settings = given.settings()
    async with beside(settings) as database:
        core = await core_beside(settings, database)
        return await subjects.erase(core, _somebody(core, who))


def _somebody(core: Core, who: str) -> Person:
    person = person_named(core, who)
    if person is None:
        raise OperatorError(f"{who} is nobody's account")
    return person
