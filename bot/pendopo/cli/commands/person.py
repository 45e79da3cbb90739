"""`pendopo person`: exports or erases personal data (UU 27/2022), and signs a person in when no messenger works."""

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import CycloptsError, Parameter
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pendopo.cli.bootstrap.databases import find_person, make_folder, open_offline_core
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import print_json
from pendopo.config import Settings, get_dashboard_url
from pendopo.engine.operations import personal_data
from pendopo.engine.runtime import Runtime
from pendopo.errors import OperatorError
from pendopo.model import Person, Phrase
from pendopo.store import Connection
from pendopo.store.queries import sessions
from pendopo.store.queries.audit import AuditEntry, append_entry
from pendopo.store.queries.sessions import Ticket
from pendopo.store.tables import TicketKind


async def export_personal_data(
    who: str, /, *, html: Annotated[bool, Parameter(negative="")] = False, files: Path | None = None, options: InjectedOptions
) -> int:
    """Write everything that is held about a person to standard output, as JSON.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account (telegram:1000000001).
    html
        A page to read and to print instead, in the person's language.
    files
        A folder to copy their photos and files into, by the names the rows give them.
    """
    async with _open_person(options.load_settings(), who) as (core, person):
        if files is not None:
            make_folder(files)
            for name in await personal_data.list_person_files(core, person):
                try:
                    shutil.copyfile(await core.blobs.fetch_path(name), files / name)
                except FileNotFoundError:
                    print(f"{name} is not there any more", file=sys.stderr)
        found = await personal_data.export_person(core, person)
        if html:
            print(_render_page(core, person, found))
        else:
            print_json(found)
    return 0


def _render_page(core: Runtime, person: Person, found: dict[str, list[dict[str, Any]]]) -> str:
    """Return a page by itself, without JavaScript or anything from elsewhere; sections without rows are left out."""
    locale = person.locale or core.locale

    def name_thing(kind: str, name: str) -> str:
        key = f"data.{kind}_{name}"
        known = core.catalogues.has_key(key)
        return core.catalogues.render_text(Phrase(key), locale) if known else name.replace("_", " ").capitalize()

    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    title = core.catalogues.render_text(Phrase("data.judul", {"nama": person.name}), locale)
    sections = {name: rows for name, rows in found.items() if rows}
    template = pages.get_template("personal_data.html")
    return template.render(title=title, lang=locale, made=core.clock.now(), sections=sections, name_thing=name_thing)


async def erase_personal_data(
    who: str, /, *, yes: Annotated[bool, Parameter(name="--yes", negative="")] = False, options: InjectedOptions
) -> int:
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
    async with _open_person(options.load_settings(), who) as (core, person):
        touched = await personal_data.erase_person(core, person)
    options.print_answer(
        {"erased": touched},
        "Erased: " + ", ".join(f"{count} of {name}" for name, count in touched.items()) + ". Check: pendopo audit verify",
    )
    return 0


async def create_sign_in_link(who: str, /, *, options: InjectedOptions) -> int:
    """Print a link that signs somebody in to the dashboard: once, within five minutes. It is in the audit log.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account (telegram:1000000001).
    """
    settings = options.load_settings()
    site = get_dashboard_url(settings.web)
    if not site:
        raise OperatorError("the dashboard has no address that people could open; set web.public_url")
    async with _open_person(settings, who) as (core, person):
        secret, now = sessions.new_secret(), core.now_ms()
        ticket = Ticket("", TicketKind.CLI, person.id, "", "", 0, "", 0)

        def job(connection: Connection) -> None:
            sessions.issue_ticket(connection, secret, ticket, now)
            append_entry(connection, AuditEntry("web.pintu_darurat", f"person/{person.id}"), now)

        await core.database.write(job)
    address = f"{site}/masuk/{secret}"
    options.print_answer({"link": address}, address)
    return 0


@asynccontextmanager
async def _open_person(settings: Settings, who: str) -> AsyncIterator[tuple[Runtime, Person]]:
    """Yield the runtime on an open database and a person of its directory. Raises `OperatorError` when there is no such one."""
    async with open_offline_core(settings) as core:
        person = find_person(core, who)
        if person is None:
            raise OperatorError(f"{who} is nobody's account")
        yield core, person
