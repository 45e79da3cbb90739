"""`pendopo person signin`: into the dashboard when no messenger works. Only whoever can use this machine can do so."""

import asyncio

from pendopo.cli.bootstrap.composition import open_offline
from pendopo.cli.bootstrap.offline_app import find_person, load_offline_core
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import print_json
from pendopo.config import get_dashboard_url
from pendopo.errors import OperatorError
from pendopo.store import Connection
from pendopo.store.queries import sessions
from pendopo.store.queries.audit import AuditEntry, append_entry
from pendopo.store.queries.sessions import Ticket
from pendopo.store.states import TicketKind


def signin(who: str, /, *, given: InjectedOptions) -> int:
    """Print a link that signs somebody in to the dashboard: once, within five minutes. It is in the audit log.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account (telegram:1000000001).
    """
    address = asyncio.run(_create_link(given, who))
    if given.json:
        print_json({"link": address})
    else:
        print(address)
    return 0


async def _create_link(given: GlobalOptions, who: str) -> str:
    settings = given.load_settings()
    site = get_dashboard_url(settings.web)
    if not site:
        raise OperatorError("the dashboard has no address that people could open; set web.public_url")
    async with open_offline(settings) as database:
        core = await load_offline_core(settings, database)
        person = find_person(core, who)
        if person is None:
            raise OperatorError(f"{who} is nobody's account")
        secret, now = sessions.new_secret(), core.now_ms()
        ticket = Ticket("", TicketKind.CLI, person.id, "", "", 0, "", 0)

        def job(connection: Connection) -> None:
            sessions.issue_ticket(connection, secret, ticket, now)
            append_entry(connection, AuditEntry("web.pintu_darurat", f"person/{person.id}"), now)

        await database.write(job)
        return f"{site}/masuk/{secret}"
