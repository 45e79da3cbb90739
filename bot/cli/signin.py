"""`pendopo person signin`: into the dashboard when no messenger works. Only whoever can use this machine can do so."""

import asyncio

from bot.config import site_of
from bot.errors import OperatorError
from bot.store import Connection, sessions
from bot.store.audit import Entry, append
from bot.store.sessions import CLI, Ticket

from .beside import core_beside, person_named
from .compose import beside
from .given import Given, Options
from .output import print_json


def signin(who: str, /, *, given: Given) -> int:
    """Print a link that signs somebody in to the dashboard: once, within five minutes. It is in the audit log.

    Parameters
    ----------
    who
        A name, a number of the directory, or an account (telegram:1000000001).
    """
    address = asyncio.run(_link(given, who))
    if given.json:
        print_json({"link": address})
    else:
        print(address)
    return 0


async def _link(given: Options, who: str) -> str:
    settings = given.settings()
    site = site_of(settings.web)
    if not site:
        raise OperatorError("the dashboard has no address that people could open; set web.public_url")
    async with beside(settings) as database:
        core = await core_beside(settings, database)
        person = person_named(core, who)
        if person is None:
            raise OperatorError(f"{who} is nobody's account")
        secret, now = sessions.new_secret(), core.now_ms()
        ticket = Ticket("", CLI, person.id, "", "", 0, "", 0)

        def job(connection: Connection) -> None:
            sessions.issue(connection, secret, ticket, now)
            append(connection, Entry("web.pintu_darurat", f"person/{person.id}"), now)

        await database.write(job)
        return f"{site}/masuk/{secret}"
