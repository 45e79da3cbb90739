"""The composition root: the only place that builds a bot with its database, messengers and plugins from settings."""

import ipaddress
import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from pendopo.adapters.contract import Adapter
from pendopo.adapters.dashboard import Dashboard
from pendopo.adapters.simulator import SimGroup, SimPerson, Simulator
from pendopo.cli.bootstrap.databases import make_folder, open_for_start
from pendopo.cli.bootstrap.directory_files import build_roster, demo_file, export_directory, has_people
from pendopo.cli.discovery.adapters import list_external_adapters, make_adapter
from pendopo.cli.discovery.plugins import FoundPlugins, find_plugins
from pendopo.config import Settings, get_options, with_options
from pendopo.directory.file import DirectoryFile, read_directory
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.engine.telemetry.tracing import COLLECTORS, NoSpans, Spans
from pendopo.errors import ConfigError, OperatorError, suggest_nearest
from pendopo.store import Database, open_database


class Bot(Struct, frozen=True):
    """A bot that is built but not started."""

    app: App
    simulator: Simulator | None


async def compose_bot(settings: Settings) -> Bot:
    """Build the bot that the settings describe. Raises `OperatorError`."""
    messengers, found = check_settings(settings)
    make_folder(Path(settings.data_dir))
    database = open_for_start(settings)
    try:
        return await _assemble_bot(settings, database, messengers, found)
    except BaseException:
        await database.close()
        raise


def check_settings(settings: Settings) -> tuple[list[Adapter], FoundPlugins]:
    """All that a start asks of the settings: `run`, `config check` and `doctor` ask here. Raises `OperatorError`."""
    messengers = check_adapters(settings)
    found = find_plugins(settings.plugins)
    check_options(settings, found)
    if settings.directory.file:
        read_directory(Path(settings.directory.file))
    adapter = settings.audit.post_to.partition(":")[0]
    if adapter and adapter not in (known := [*(each.name for each in messengers), "simulator"]):
        raise ConfigError(f"audit.post_to: no messenger {adapter!r} is configured{suggest_nearest(adapter, known)}")
    return messengers, found


async def find_broken_plugins(settings: Settings) -> dict[str, str]:
    """Why plugins would be left out by a start, by name: what is found out without a database and messengers."""
    database = open_database("sqlite://")
    try:
        app = build_app(settings, database, [], find_plugins(settings.plugins))
        app.register_plugins()
        return app.broken
    finally:
        await database.close()


async def _assemble_bot(settings: Settings, database: Database, messengers: list[Adapter], found: FoundPlugins) -> Bot:
    if not settings.adapters.simulated:
        return Bot(build_app(settings, database, [*messengers, Dashboard()], found), None)
    if not settings.directory.file and not await has_people(database):
        settings = with_directory(settings, demo_file())
    file = settings.directory.file
    people = read_directory(Path(file)) if file else await export_directory(database, ZoneInfo(settings.timezone))
    simulator = _make_simulator(settings, people)
    return Bot(build_app(settings, database, [*messengers, simulator, Dashboard()], found), simulator)


def check_options(settings: Settings, found: FoundPlugins) -> None:
    """Raises `ConfigError` for a plugin's section that is invalid, or belongs to no plugin.

    A plugin whose own defaults are wrong is left out by the start, whatever stands in its section.
    """
    takers = found.options
    if unknown := [name for name in settings.plugin if name not in takers and name not in found.broken]:
        raise ConfigError(f"[plugin.{unknown[0]}] is no section of a plugin in use{suggest_nearest(unknown[0], list(takers))}")
    for name in settings.plugin:
        if name in takers:
            get_options(settings, name, takers[name])


def parse_plugin_sections(settings: Settings) -> Settings:
    """Return the settings with the sections of plugins parsed by their options, as far as the plugins can be found."""
    if not settings.plugin:
        return settings
    with suppress(ConfigError):
        return with_options(settings, find_plugins(settings.plugins).options)
    return settings


def make_messengers(settings: Settings) -> list[Adapter]:
    """Create the configured messengers; others are not imported, since their libraries are large. Raises `ConfigError`."""
    made: list[Adapter] = []
    if settings.adapters.telegram is not None:
        from pendopo.adapters.telegram import Telegram

        made.append(Telegram(settings.adapters.telegram, settings.web.public_url))
    if settings.adapters.whatsapp_cloud is not None:
        from pendopo.adapters.whatsapp_cloud import WhatsAppCloud

        made.append(WhatsAppCloud(settings.adapters.whatsapp_cloud))
    if settings.adapters.waha is not None:
        from pendopo.adapters.waha import Waha

        made.append(Waha(settings.adapters.waha, settings.adapters.waha.choices))
    return [*made, *(make_adapter(settings, name) for name in list_external_adapters(settings))]


def build_app(settings: Settings, database: Database, adapters: list[Adapter], found: FoundPlugins) -> App:
    """Create the app with these messengers and plugins, on the system's clock."""
    app = App(settings, database, adapters, found.plugins, SystemClock(), _make_spans(settings))
    for name, error in found.broken.items():
        app.report_broken(name, error)
    return app


def _make_spans(settings: Settings) -> Spans:
    """Create OpenTelemetry spans when the environment names a collector."""
    if not any(os.environ.get(name) for name in COLLECTORS):
        return NoSpans()
    try:
        from pendopo.engine.telemetry.otel import make_otel_spans
    except ImportError as error:
        told = f"{COLLECTORS[0]} is set, but OpenTelemetry is not installed: pip install 'pendopo[otel]', or unset it"
        raise ConfigError(told) from error
    return make_otel_spans(settings.web.public_url or str(Path(settings.data_dir).resolve()))


def with_directory(settings: Settings, file: Path) -> Settings:
    """Return the settings with another directory file."""
    return settings.model_copy(update={"directory": settings.directory.model_copy(update={"file": str(file)})})


def check_adapters(settings: Settings) -> list[Adapter]:
    """Create the configured messengers. Raises `OperatorError` for one that cannot be used as configured."""
    made = make_messengers(settings)
    if settings.adapters.simulated and not is_loopback(settings.web.host):
        raise OperatorError(
            "the simulator speaks for anybody without a password, so it runs on this machine only, "
            f"not on {settings.web.host}; set web.host to 127.0.0.1, or adapters.simulator.enabled to false"
        )
    outside = urlsplit(settings.web.public_url).hostname
    if settings.adapters.simulated and outside and not is_loopback(outside):
        raise OperatorError(
            "the simulator speaks for anybody without a password, so it does not run where people come from outside "
            f"(web.public_url is {settings.web.public_url}); configure a messenger, or set adapters.simulator.enabled to false"
        )
    return made


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _make_simulator(settings: Settings, file: DirectoryFile) -> Simulator:
    people, rooms = build_roster(file, "simulator")
    if not people:
        raise OperatorError(
            "nobody in the directory has an account on the simulator; "
            'give some persons one (accounts = ["simulator:name"]), or set adapters.simulator.enabled to false'
        )
    return Simulator(
        [SimPerson(who.id, who.name, who.title) for who in people],
        [SimGroup(room.id, room.title, room.members) for room in rooms],
        Path(settings.data_dir) / "simulator.jsonl",
    )
