"""The parts of a bot that verbs use while it may be running: directory, plugins' rules and sentences, but no messengers."""

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
    """Create a runtime on an open database. Plugins that cannot be used are left out."""
    core = make_runtime(settings, database, {}, SystemClock(), NoSpans())
    for plugin in find_plugins(settings.plugins).plugins:
        try:
            core.register_plugin(plugin, settings)
        except PluginError:
            continue  # `plugins list` reports a broken plugin; its routes cannot be used anyway
    await core.directory.load(datetime.now(UTC))
    return core


def find_person(core: Runtime, said: str) -> Person | None:
    """Find a person by name, number or account; None for an unknown account. Raises `OperatorError` for an unknown name."""
    people = core.people
    if ":" in said:
        return people.by_alias((said,))
    found = people.find_person(int(said)) if said.isdigit() else people.named_in(said)[0]
    if found is None:
        close = ", ".join(person.name for person in people.persons_like(said))
        raise OperatorError(f"nobody in the directory is called {said!r}" + (f"; did you mean {close}?" if close else ""))
    return found
