"""`pendopo person`: what is held about somebody, written out or erased (UU 27/2022)."""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import CycloptsError, Parameter

from pendopo.cli.bootstrap.composition import make_folder, open_offline
from pendopo.cli.bootstrap.offline_app import find_person, load_offline_core
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import print_json
from pendopo.engine.operations import personal_data
from pendopo.engine.runtime import Runtime
from pendopo.errors import OperatorError
from pendopo.model import Person


def export(who: str, /, *, files: Path | None = None, given: InjectedOptions) -> int:
    """Write everything that is held about a person to standard output, as JSON.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account (telegram:1000000001).
    files
        A folder to copy their photos and files into, by the names the JSON gives them.
    """
    print_json(asyncio.run(_export_person(given, who, files)))
    return 0


def erase(who: str, /, *, yes: Annotated[bool, Parameter(name="--yes", negative="")] = False, given: InjectedOptions) -> int:
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
    touched = asyncio.run(_erase_person(given, who))
    if given.json:
        print_json({"erased": touched})
    else:
        print("Erased: " + ", ".join(f"{count} of {name}" for name, count in touched.items()) + ". Check: pendopo audit verify")
    return 0


async def _export_person(given: GlobalOptions, who: str, folder: Path | None) -> dict[str, Any]:
    settings = given.load_settings()
    async with open_offline(settings) as database:
        core = await load_offline_core(settings, database)
        person = _require_person(core, who)
        if folder is not None:
            make_folder(folder)
            await _copy_files(core, person, folder)
        return await personal_data.export_person(core, person)


async def _copy_files(core: Runtime, person: Person, folder: Path) -> None:
    for name in await personal_data.list_person_files(core, person):
        try:
            shutil.copyfile(await core.blobs.fetch_path(name), folder / name)
        except FileNotFoundError:
            print(f"{name} is not there any more", file=sys.stderr)


async def _erase_person(given: GlobalOptions, who: str) -> dict[str, int]:
    settings = given.load_settings()
    async with open_offline(settings) as database:
        core = await load_offline_core(settings, database)
        return await personal_data.erase_person(core, _require_person(core, who))


def _require_person(core: Runtime, who: str) -> Person:
    person = find_person(core, who)
    if person is None:
        raise OperatorError(f"{who} is nobody's account")
    return person
