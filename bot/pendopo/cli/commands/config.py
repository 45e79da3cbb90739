"""`pendopo config`: the settings in force."""

import asyncio
import re
from typing import Any

import msgspec
from pydantic import BaseModel, SecretStr

from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import check_settings, find_broken_plugins, parse_plugin_sections
from pendopo.cli.options import InjectedOptions
from pendopo.config import RawSection
from pendopo.errors import OperatorError

MASK = "•••"
"""Shown in place of a secret."""
BARE = re.compile(r"[A-Za-z0-9_-]+")
"""Keys that TOML takes without quotes (TOML 1.0, Keys)."""


def show_config(*, options: InjectedOptions) -> int:
    """Show the settings in force: the file, and the environment over it. Secrets are masked."""
    values = mask_secrets(parse_plugin_sections(options.load_settings()))
    options.print_answer(values, "\n".join(_format_toml(values)))
    return 0


def check_config(*, options: InjectedOptions) -> int:
    """Check everything in the settings that a start asks for: names, values, messengers, the directory file, the plugins."""
    logs.configure(level="critical")  # what is wrong is printed
    settings = options.load_settings()
    check_settings(settings)
    if broken := asyncio.run(find_broken_plugins(settings)):
        raise OperatorError("\n".join(f"plugin {name}: {why}" for name, why in broken.items()))
    options.print_answer({"ok": True}, "The configuration is fine.")
    return 0


def mask_secrets(section: BaseModel) -> dict[str, Any]:
    """Return a section as plain values, secrets masked. Sections that are not set are left out."""
    found: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if value is not None:
            found[name] = _hide_password(str(value)) if name == "url" else _to_plain(value)
    return found


def _to_plain(value: Any) -> Any:
    """Convert a value for JSON; types that only an external adapter knows become text."""
    return msgspec.to_builtins(value, str_keys=True, enc_hook=_encode_odd)


def _encode_odd(odd: Any) -> Any:
    if isinstance(odd, BaseModel):
        return mask_secrets(odd)
    if isinstance(odd, RawSection):
        return _mask_unread(odd.values)
    if isinstance(odd, SecretStr):
        return MASK if odd.get_secret_value() else ""
    return str(odd)


def _mask_unread(value: Any) -> Any:
    """Mask every value of an unparsed section; its keys stay."""
    return {str(key): _mask_unread(inner) for key, inner in value.items()} if isinstance(value, dict) else MASK


def _hide_password(url: str) -> str:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _format_toml(values: dict[str, Any], path: str = "") -> list[str]:
    """Format as TOML, plain values before the sections."""
    plain = [f"{_format_key(name)} = {_format_value(value)}" for name, value in values.items() if not isinstance(value, dict)]
    plain += [f"{_format_key(name)} = {{}}" for name, value in values.items() if value == {} and path]
    lines = [*([f"\n[{path}]"] if path and plain else []), *plain]
    for name, value in values.items():
        if isinstance(value, dict):
            lines += _format_toml(value, f"{path}.{_format_key(name)}" if path else _format_key(name))
    return lines


def _format_key(name: str) -> str:
    """Quote a TOML key that holds more than letters, digits, _ and -."""
    return name if BARE.fullmatch(name) else _format_value(name)


def _format_value(value: Any) -> str:
    import json

    if isinstance(value, list):
        return f"[{', '.join(map(_format_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(name)} = {_format_value(inner)}' for name, inner in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
