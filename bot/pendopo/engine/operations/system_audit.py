"""Audit lines of the system itself: changed configuration, plugins enabled or disabled, a clock that jumped."""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from pydantic import BaseModel, SecretStr

from pendopo.config import RawSection
from pendopo.engine.runtime import Runtime
from pendopo.store import Connection
from pendopo.store.queries.audit import AuditEntry, append_entry
from pendopo.store.queries.settings import get_setting, set_setting

CONFIGURATION = "trail.configuration"
PLUGINS = "trail.plugins"
JUMP_MS = 5000
"""A wall clock off by more than this since the last check was set, or the machine slept."""


class SystemAudit:
    """Writes the system's own audit lines."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._seen: tuple[int, float] | None = None

    async def record_start(self, settings: BaseModel, plugins: Sequence[str]) -> None:
        """Records what changed since the last start."""
        now = dict(_flatten_settings(settings))

        def job(connection: Connection) -> None:
            before = _swap_setting(connection, CONFIGURATION, now)
            if changed := sorted(name for name in now | before if now.get(name) != before.get(name)):
                self._append_entry(connection, AuditEntry("sistem.konfigurasi", "", {"berubah": changed}))
            known = _swap_setting(connection, PLUGINS, list(plugins))
            for verb, names in (("nyala", set(plugins) - set(known)), ("mati", set(known) - set(plugins))):
                for name in sorted(names):
                    self._append_entry(connection, AuditEntry(f"sistem.plugin_{verb}", f"plugin/{name}"))

        await self._runtime.database.write(job)

    async def check_clock(self) -> None:
        """Records when the wall clock moved differently from the monotonic one."""
        wall, passed = self._runtime.now_ms(), time.monotonic()
        before, self._seen = self._seen, (wall, passed)
        if before is None:
            return
        jump = (wall - before[0]) - int((passed - before[1]) * 1000)
        if abs(jump) > JUMP_MS:
            entry = AuditEntry("sistem.jam", "", {"milidetik": jump})
            await self._runtime.database.write(lambda connection: self._append_entry(connection, entry))

    def _append_entry(self, connection: Connection, entry: AuditEntry) -> None:
        append_entry(connection, entry, self._runtime.now_ms())


def _swap_setting(connection: Connection, key: str, value: Any) -> Any:
    """Replaces a stored setting and returns the old value, or the new one the first time."""
    stored = get_setting(connection, key)
    set_setting(connection, key, msgspec.json.encode(value).decode())
    return msgspec.json.decode(stored) if stored is not None else value


def _flatten_settings(section: BaseModel, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Lists all settings by dotted name. Of a secret only a slow digest, which shows a change and cannot be read back."""
    for name in type(section).model_fields:
        yield from _flatten_value(f"{prefix}{name}", getattr(section, name))


def _flatten_value(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        yield from _flatten_settings(value, f"{name}.")
    elif isinstance(value, SecretStr):
        secret = value.get_secret_value()
        yield name, _digest_secret(secret, name) if secret else ""
    elif isinstance(value, RawSection):
        yield name, _digest_secret(repr(value.values), name)
    elif isinstance(value, Mapping) and any(isinstance(inner, BaseModel | SecretStr | RawSection) for inner in value.values()):
        for key, inner in value.items():
            yield from _flatten_value(f"{name}.{key}", inner)
    elif value is not None:
        last = name.rpartition(".")[2]
        protected = last == "url" and "@" in str(value)  # the address may hold a password
        yield name, _digest_secret(str(value), last) if protected else repr(value)


def _digest_secret(secret: str, salt: str) -> str:
    """Digests a secret with scrypt, salted by its name, to 16 bytes: a short password must not be guessed from it."""
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=16).hex()
