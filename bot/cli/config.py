"""`pendopo config`: the settings in force."""

import re
from typing import Any

import msgspec
from pydantic import BaseModel, SecretStr

from bot.config import Unread

from .compose import check_options, understood
from .finding import find
from .given import Given
from .output import print_json

MASK = "•••"
BARE = re.compile(r"[A-Za-z0-9_-]+")


def show(*, given: Given) -> int:
    """Show the settings in force: the file, and the environment over it. Secrets are masked."""
    values = masked(understood(given.settings()))
    if given.json:
        print_json(values)
    else:
        print("\n".join(_lines(values)))
    return 0


def check(*, given: Given) -> int:
    """Check the settings: names, values, the time zone, the plugins that are named."""
    settings = given.settings()
    check_options(settings, find(settings.plugins))
    if given.json:
        print_json({"ok": True})
    else:
        print("The configuration is fine.")
    return 0


def masked(section: BaseModel) -> dict[str, Any]:
    """A section as plain values; of a secret only whether there is one. Sections that are not set are left out."""
    found: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if value is not None:
            found[name] = _without_password(str(value)) if name == "url" else _plain(value)
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it; what only an adapter of somebody else's knows is shown as the text it is."""
    return msgspec.to_builtins(value, str_keys=True, enc_hook=_said)


def _said(odd: Any) -> Any:
    if isinstance(odd, BaseModel):
        return masked(odd)
    if isinstance(odd, Unread):
        return _covered(odd.values)
    if isinstance(odd, SecretStr):
        return MASK if odd.get_secret_value() else ""
    return str(odd)


def _covered(value: Any) -> Any:
    """What nobody has read yet: its keys, and that there is something behind them."""
    return {str(key): _covered(inner) for key, inner in value.items()} if isinstance(value, dict) else MASK


def _without_password(url: str) -> str:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _lines(values: dict[str, Any], path: str = "") -> list[str]:
    """As TOML: plain values first, then the sections."""
    plain = [f"{_key(name)} = {_toml(value)}" for name, value in values.items() if not isinstance(value, dict)]
    plain += [f"{_key(name)} = {{}}" for name, value in values.items() if value == {} and path]
    lines = [*([f"\n[{path}]"] if path and plain else []), *plain]
    for name, value in values.items():
        if isinstance(value, dict):
            lines += _lines(value, f"{path}.{_key(name)}" if path else _key(name))
    return lines


def _key(name: str) -> str:
    """A name as TOML has it: in quotes where it holds more than letters, digits, _ and -."""
    return name if BARE.fullmatch(name) else _toml(name)


def _toml(value: Any) -> str:
    import json

    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(name)} = {_toml(inner)}' for name, inner in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
