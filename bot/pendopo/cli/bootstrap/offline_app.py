"""What verbs need of a bot that may be running meanwhile: its directory, its plugins' rules and sentences; no messengers."""

from datetime import UTC, datetime

from pendopo.cli.discovery.plugins import find_plugins
from pendopo.config import Settings
from pendopo.engine.clock import SystemClock
from pendopo.engine.runtime import Runtime, make_runtime
from pendopo.engine.telemetry.tracing import NoSpans
from pendopo.errors import OperatorError, PluginError
from pendopo.model import Person
from pendopo.store import Database


async def load_offline_core(settings: Settings, database: Database) -> Runtime:
    """A core on a database that is open. A plugin that cannot be used is left out."""
    core = make_runtime(settings, database, {}, SystemClock(), NoSpans())
    for plugin in find_plugins(settings.plugins).plugins:
        try:
            core.register_plugin(plugin, settings)
        except PluginError:
            continue  # a broken plugin is told of by `plugins list`; nobody can use its routes anyway
    await core.directory.load(datetime.now(UTC))
    return core


def find_person(core: Runtime, said: str) -> Person | None:
    """Somebody by name, number or account; None for an account nobody has. Raises `OperatorError` on a name nobody has."""
    people = core.people
    if ":" in said:
        return people.by_alias((said,))
    found = people.find_person(int(said)) if said.isdigit() else people.named_in(said)[0]
    if found is None:
        close = ", ".join(person.name for person in people.persons_like(said))
        raise OperatorError(f"nobody in the directory is called {said!r}" + (f"; did you mean {close}?" if close else ""))
    return found
