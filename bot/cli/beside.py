"""What verbs need of a bot that may be running meanwhile: its directory, its plugins' rules and sentences; no messengers."""

from datetime import UTC, datetime

from bot.config import Settings
from bot.engine.clock import SystemClock
from bot.engine.core import Core, core_of
from bot.errors import OperatorError, PluginError
from bot.model import Person
from bot.store import Database

from .finding import find


async def core_beside(settings: Settings, database: Database) -> Core:
    """A core on a database that is open. A plugin that cannot be used is left out."""
    core = core_of(settings, database, {}, SystemClock())
    for plugin in find(settings.plugins).plugins:
        try:
            core.take(plugin, settings)
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
