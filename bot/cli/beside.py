"""What verbs need of a bot that may be running meanwhile: its directory, its plugins' rules and sentences; no messengers."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Settings, options_of
from bot.directory import Directory
from bot.engine.app import SENTENCES
from bot.engine.clock import SystemClock
from bot.engine.core import Core
from bot.engine.router import Router
from bot.errors import OperatorError, PluginError
from bot.i18n import Catalogues
from bot.model import Person
from bot.store import Arrivals, Blobs, Database

from .finding import find


async def core_beside(settings: Settings, database: Database) -> Core:
    """A core on a database that is open. A plugin that cannot be used is left out."""
    zone, clock = ZoneInfo(settings.timezone), SystemClock()
    core = Core(
        database=database,
        directory=Directory(database, zone),
        router=Router(),
        catalogues=Catalogues(zone),
        adapters={},
        blobs=Blobs(Path(settings.data_dir) / "blobs"),
        arrivals=Arrivals(Path(settings.data_dir) / "arrivals"),
        clock=clock,
        zone=zone,
        locale=settings.locale,
    )
    core.catalogues.add(SENTENCES)
    for plugin in find(settings.plugins).plugins:
        try:
            if plugin.options is not None:
                core.chosen[plugin.options] = options_of(settings, plugin.name, plugin.options)
            core.catalogues.add(plugin.home / "locale", plugin.name)
            core.router.add(plugin)
        except PluginError:
            continue  # a broken plugin is told of by `plugins list`; nobody can use its routes anyway
    await core.directory.load(datetime.now(UTC))
    return core


def person_named(core: Core, said: str) -> Person | None:
    """Somebody by name, number or account; None for an account nobody has. Raises `OperatorError` on a name nobody has."""
    people = core.people
    if ":" in said:
        return people.by_alias((said,))
    found = people.person(int(said)) if said.isdigit() else people.named_in(said)[0]
    if found is None:
        close = ", ".join(person.name for person in people.like(said))
        raise OperatorError(f"nobody in the directory is called {said!r}" + (f"; did you mean {close}?" if close else ""))
    return found
