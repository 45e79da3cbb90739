"""Adapters of other distributions: found by entry point, imported only when their section is configured."""

import asyncio
import re
from collections.abc import Callable, Collection
from importlib.metadata import EntryPoint, entry_points
from inspect import isclass
from typing import Any, TypeVar

from pydantic import create_model

from pendopo.adapters.contract import Adapter
from pendopo.adapters.messenger import Installation, Messenger
from pendopo.config import AdapterSettings, Options, Settings, list_secrets, redact_secrets
from pendopo.errors import AdapterError, ConfigError, OperatorError, suggest_nearest

ADAPTER_GROUP = "pendopo.adapters"
"""The entry point group in which distributions declare messengers."""
SHIPPED_ADAPTERS = frozenset({*AdapterSettings.model_fields, "console", "web"})
"""Names of the adapters that ship; no other distribution may use one."""
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""A name that is valid in a file, an environment variable, a URL and before the colon of a chat key."""
T = TypeVar("T")


def extend_settings(names: Collection[str]) -> type[Settings]:
    """Extend the settings by the sections of these adapters. Raises `ConfigError` for one that is unknown or unusable."""
    points = entry_points(group=ADAPTER_GROUP) if names else ()
    sections: dict[str, Any] = {}
    for name in names:
        found = [point for point in points if point.name == name]
        _check_adapter_name(name, found, [*AdapterSettings.model_fields, *(point.name for point in points)])
        if found:
            sections[name] = (_load_messenger(found[0]).options | None, None)
    if not sections:
        return Settings
    adapters = create_model("AdapterSettings", __base__=AdapterSettings, **sections)
    return create_model("Settings", __base__=Settings, adapters=(adapters, adapters()))


def list_external_adapters(settings: Settings) -> list[str]:
    """List the configured adapters of other distributions."""
    return [name for name in settings.adapters.messengers if name not in SHIPPED_ADAPTERS]


def list_adapter_packages(settings: Settings) -> list[str]:
    """List the packages of the configured external adapters."""
    return [_find_entry_point(name).module.partition(".")[0] for name in list_external_adapters(settings)]


def make_adapter(settings: Settings, name: str) -> Adapter:
    """Create the adapter of a section. Raises `AdapterError` when it fails, breaks the contract or has another name."""
    point = _find_entry_point(name)
    messenger, place = _load_messenger(point), _describe_origin(point)
    options, installation = getattr(settings.adapters, name), _make_installation(settings, name)
    made = _run_untrusted(settings, place, lambda: messenger.make(options, installation))
    if wrong := _run_untrusted(settings, place, lambda: _find_contract_gap(made, name)):
        raise AdapterError(f"{place} {wrong}")
    return made


def make_probe(settings: Settings, name: str) -> Callable[[Settings], str] | None:
    """Return the doctor's check of this messenger; None when its distribution has none."""
    ask = _load_messenger(_find_entry_point(name)).check
    if ask is None:
        return None
    options, installation = getattr(settings.adapters, name), _make_installation(settings, name)

    async def asked() -> str:
        return redact_secrets(str(await ask(options, installation)), list_secrets(settings))

    return lambda settings: _run_untrusted(settings, "", lambda: asyncio.run(asked()))


def _check_adapter_name(name: str, found: Collection[EntryPoint], known: list[str]) -> None:
    """Raises `ConfigError` for an unknown adapter, `AdapterError` for an ambiguous one or an unusable name."""
    by = " and ".join(sorted(map(_get_distribution, found)))
    if name in SHIPPED_ADAPTERS and found:
        raise AdapterError(f"adapters.{name}: {by} brings one too, but this adapter ships with Pendopo: uninstall {by}")
    if len(found) > 1:
        raise AdapterError(f"adapters.{name}: {by} both bring an adapter of this name: uninstall one of them")
    if not found and name not in AdapterSettings.model_fields:
        told = f"adapters.{name}: no package that is installed brings such an adapter: install the one that does"
        raise ConfigError(f"{told}; known are {', '.join(sorted(set(known)))}{suggest_nearest(name, known)}")
    if found and (not NAME.fullmatch(name) or hasattr(AdapterSettings, name)):
        raise AdapterError(f"adapters.{name}: {by} brings an adapter whose name cannot be one: letters, digits and _ make one")


def _find_entry_point(name: str) -> EntryPoint:
    found = entry_points(group=ADAPTER_GROUP, name=name)
    _check_adapter_name(name, found, [])
    return next(iter(found))


def _load_messenger(point: EntryPoint) -> Messenger[Any]:
    try:
        messenger = point.load()
    except (Exception, SystemExit) as error:
        raise AdapterError(f"{_describe_origin(point)} cannot be imported: {type(error).__name__}: {error}") from error
    if not isinstance(messenger, Messenger):
        raise AdapterError(f"{_describe_origin(point)} is no Messenger(options=…, make=…)")
    if not (isclass(messenger.options) and issubclass(messenger.options, Options)):
        raise AdapterError(f"{_describe_origin(point)}: its options are no class of the kind pendopo.config.Options")
    kept = messenger.options.model_config
    if loose := [rule for rule, value in Options.model_config.items() if kept.get(rule) != value]:
        raise AdapterError(f"{_describe_origin(point)}: its options loosen a rule of all settings: {', '.join(loose)}")
    return messenger


def _run_untrusted(settings: Settings, place: str, work: Callable[[], T]) -> T:
    """Run code of another distribution; any error becomes an `AdapterError` with secrets redacted."""
    try:
        return work()
    except OperatorError as error:
        told = str(error)
    except (Exception, SystemExit) as error:
        told = f"{type(error).__name__}: {error}"
    raise AdapterError(redact_secrets(f"{place}: {told}" if place else told, list_secrets(settings)))


def _find_contract_gap(made: Any, name: str) -> str:
    """Explain why this is not an adapter of that name; "" when it is."""
    contract = [*Adapter.__annotations__, *(member for member in vars(Adapter) if not member.startswith("_"))]
    if lacking := [member for member in contract if not hasattr(made, member)]:
        return f"makes no adapter: it lacks {', '.join(lacking)}"
    return "" if made.name == name else f"makes an adapter of another name, {made.name!r}: the two must be the same"


def _make_installation(settings: Settings, name: str) -> Installation:
    public = settings.web.public_url.rstrip("/")
    return Installation(webhook=f"{public}/hooks/{name}" if public else "")


def _describe_origin(point: EntryPoint) -> str:
    return f"adapters.{point.name}: {_get_distribution(point)} ({point.value})"


def _get_distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value
