"""Loads settings: one TOML file, overridden by environment variables; a misspelt name is an error."""

import difflib
import os
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pendopo.config.settings import Options, OptionsT, RawSection, Settings, list_secrets, list_texts, redact_secrets
from pendopo.errors import ConfigError

VARIABLE_PREFIX = "PENDOPO_"
"""`PENDOPO_WEB__PORT` is `web.port`: two underscores are a dot."""
DEFAULT_FILE = "pendopo.toml"
"""Looked for in the working directory, and no error when absent."""
SettingsFactory = Callable[[Collection[str]], type[Settings]]
"""Makes the settings model for the adapters that the configuration names."""


def load_settings(
    path: Path | None = None, environ: Mapping[str, str] | None = None, known: SettingsFactory = lambda names: Settings
) -> Settings:
    """Loads the settings: `path`, else `./pendopo.toml` if it exists, else defaults, overridden by `PENDOPO_…` variables.

    Raises `ConfigError` for a named file that is missing, an unknown key or variable, and a value that does not fit.
    """
    data, environ = _read_file(path), os.environ if environ is None else environ
    model = known(_find_adapters(data, environ))
    _apply_environment(data, environ, model)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        source = str(path or DEFAULT_FILE)
        message = "\n".join(_explain_fault(source, fault, model) for fault in error.errors())
    except OSError as error:
        raise ConfigError(f"a secret's file cannot be read: {error}") from error
    raise ConfigError(message)  # not from the error: a foreign validator's message may repeat the value


def _find_adapters(data: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Returns the adapters that the file and the environment configure, in this order."""
    section = data.get("adapters")
    variables = [name.removeprefix(VARIABLE_PREFIX).lower().split("__") for name in environ if name.startswith(VARIABLE_PREFIX)]
    named = [path[1] for path in variables if path[0] == "adapters" and len(path) > 2]
    return list(dict.fromkeys([*(section if isinstance(section, dict) else ()), *named]))


def get_options(settings: Settings, name: str, model: type[OptionsT]) -> OptionsT:
    """Returns a plugin's options, `[plugin.NAME]`. Raises `ConfigError` that names what is wrong in them."""
    section = settings.plugin.get(name, RawSection({}))
    if isinstance(section, model):
        return section
    values = section.values if isinstance(section, RawSection) else dict(section)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        message = "\n".join(_explain_fault(f"[plugin.{name}]", fault, model) for fault in error.errors())
    except OSError as error:
        message = f"[plugin.{name}]: a secret's file cannot be read: {error}"
    except Exception as error:  # of a validator that the plugin brings
        message = redact_secrets(f"[plugin.{name}]: {type(error).__name__}: {error}", list_texts(values))
    raise ConfigError(message)  # not from the error: it may repeat a value, and that may be a secret


def with_options(settings: Settings, models: Mapping[str, type[Options]]) -> Settings:
    """Returns the settings with the plugins' sections parsed, so that their secrets are known.

    A section that no plugin declares, or that is wrong, stays as it was given.
    """
    read: dict[str, RawSection | Options] = dict(settings.plugin)
    for name, model in models.items():
        with suppress(ConfigError):  # reported when the plugin is registered
            options = get_options(settings, name, model)
            if name in read or list_secrets(options):
                read[name] = options
    return settings.model_copy(update={"plugin": read})


def _read_file(path: Path | None) -> dict[str, Any]:
    chosen = path or Path(DEFAULT_FILE)
    if path is None and not chosen.is_file():
        return {}
    try:
        return tomllib.loads(chosen.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"there is no configuration file {chosen}") from error
    except (OSError, ValueError) as error:
        raise ConfigError(f"{chosen}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{chosen}: it is nested too deeply") from error


def _apply_environment(data: dict[str, Any], environ: Mapping[str, str], model: type[Settings]) -> None:
    known = dict(_list_paths(model))
    for name, value in environ.items():
        if not name.startswith(VARIABLE_PREFIX):
            continue
        path = name.removeprefix(VARIABLE_PREFIX).lower().split("__")
        dotted = ".".join(path)
        if dotted not in known:
            raise ConfigError(
                f"{name} is no setting" + _suggest_name(dotted, known, lambda p: VARIABLE_PREFIX + p.upper().replace(".", "__"))
            )
        section = data
        for step in path[:-1]:
            section = section.setdefault(step, {})
            if not isinstance(section, dict):
                raise ConfigError(f"{name} cannot be set: {step} is no section in the configuration file")
        section[path[-1]] = [v.strip() for v in value.split(",") if v.strip()] if known[dotted] else value


def _list_paths(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Lists all dotted names of settings, and whether each is a list."""
    for name, info in model.model_fields.items():
        inner = next((t for t in _get_type_args(info.annotation) if isinstance(t, type) and issubclass(t, BaseModel)), None)
        if inner is None:
            yield prefix + name, getattr(info.annotation, "__origin__", None) is list
        else:
            yield from _list_paths(inner, f"{prefix}{name}.")


def _get_type_args(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__args__", (annotation,))


def _suggest_name(name: str, known: Mapping[str, Any], shown: Any = str) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {shown(close[0])}?" if close else ""


def _explain_fault(source: str, fault: Any, model: type[BaseModel]) -> str:
    place = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{source}: {place} is no setting" + _suggest_name(place, dict(_list_paths(model)))
    if fault["type"] == "missing":
        return f"{source}: {place} is missing"
    # The value itself is not repeated: it may be a secret that landed in the wrong place.
    return f"{source}: {place}: {redact_secrets(fault['msg'], list_texts(fault['input']))}"
