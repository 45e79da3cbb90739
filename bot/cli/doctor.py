"""`pendopo doctor`: one line for each thing that must be right, and what to do where it is not."""

import asyncio
import errno
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct

from bot.config import DEFAULT_FILE, Settings, secrets_in
from bot.directory.file import read_directory
from bot.errors import OperatorError
from bot.store.migrate import check, check_writable
from bot.when.calendar import Calendar

from . import logs
from .asking import asked, clock, ours, running
from .compose import beside, check_adapters, sqlite_path, understood
from .db import schemas
from .finding import find
from .given import Given, Options
from .output import print_json
from .people import demo_file

PROBLEM = 1
FREE_MB = 500


Look = Callable[[Settings], str]


class Finding(Struct, frozen=True):
    """What one look found."""

    what: str
    ok: bool
    said: str


def doctor(*, given: Given) -> int:
    """Check the installation: one line for each thing, and what to do where it is not right.

    Changes nothing, and may be used beside a bot that runs.
    """
    logs.configure(level="critical")  # what messengers say of us is in the findings
    findings = examine(given)
    if given.json:
        print_json(findings)
    else:
        for finding in findings:
            print(f"{'ok' if finding.ok else 'WRONG':<6}{finding.what:<15}{finding.said}")
    return 0 if all(finding.ok for finding in findings) else PROBLEM


def examine(given: Options) -> list[Finding]:
    """All looks, in order. Without settings there is nothing else to look at."""
    try:
        settings = understood(given.settings())
    except OperatorError as error:
        return [Finding("configuration", False, str(error))]
    file = given.config or (DEFAULT_FILE if Path(DEFAULT_FILE).is_file() else "none; these are the defaults")
    looks: dict[str, Look] = {
        "timezone": _timezone,
        "secrets": lambda settings: _secrets(settings, Path(file)),
        "clock": clock,
        "holidays": _holidays,
        "messengers": _messengers,
        **asked(settings),
        "plugins": _plugins,
        "directory": _directory,
        "data folder": _data_folder,
        "database": lambda settings: asyncio.run(_database(settings)),
        "port": _port,
        "running bot": running,
    }
    return [Finding("configuration", True, str(file)), *(_look(what, look, settings) for what, look in looks.items())]


def _look(what: str, look: Look, settings: Settings) -> Finding:
    try:
        return Finding(what, True, look(settings))
    except OperatorError as error:
        return Finding(what, False, " ".join(str(error).split()))


def _timezone(settings: Settings) -> str:
    now = datetime.now(ZoneInfo(settings.timezone))
    return f"{settings.timezone}, where it is {now:%Y-%m-%d %H:%M}"


def _messengers(settings: Settings) -> str:
    check_adapters(settings)
    names = [*settings.adapters.messengers, *(["simulator"] if settings.adapters.simulated else [])]
    return ", ".join(names) or "none: the bot hears nobody; configure one under [adapters]"


def _secrets(settings: Settings, file: Path) -> str:
    """A file that holds secrets is nobody else's to read."""
    if not secrets_in(settings):
        return "none are set"
    if file.is_file() and file.stat().st_mode & 0o077 and any(secret in file.read_text() for secret in secrets_in(settings)):
        raise OperatorError(f"{file} holds secrets and others may read it: chmod 600 {file}")
    return "nobody else may read them"


def _holidays(settings: Settings) -> str:
    """Working days are counted by them; joint leave is decreed anew each autumn."""
    year = datetime.now(ZoneInfo(settings.timezone)).year
    if not settings.calendar.country:
        return f"none but {len(settings.calendar.holidays)} of your own"
    calendar = Calendar(settings.calendar.country, settings.calendar.holidays, settings.calendar.working)
    known = {
        each: sum(bool(calendar.holiday(date(each, 1, 1) + timedelta(days=n))) for n in range(365)) for each in (year, year + 1)
    }
    if not all(known.values()):
        raise OperatorError(f"none are known for {year + 1}: install a newer `holidays`, or name them in [calendar.holidays]")
    return (
        ", ".join(f"{count} in {each}" for each, count in known.items())
        + "; joint leave (cuti bersama) as decreed goes into [calendar]"
    )


def _plugins(settings: Settings) -> str:
    found = find(settings.plugins)
    if found.broken:
        why = "; ".join(f"{name}: {error}" for name, error in found.broken.items())
        raise OperatorError(f"{why} (mend it, or take it out; the others work)")
    return ", ".join(found.places)


def _directory(settings: Settings) -> str:
    if settings.directory.file:
        file = read_directory(Path(settings.directory.file))
        return f"{settings.directory.file}: {len(file.person)} persons"
    return f"no file set; what is in the database counts, at the very first start {demo_file().name}"


def _data_folder(settings: Settings) -> str:
    folder = Path(settings.data_dir)
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise OperatorError(f"cannot write into {place}: {error.strerror}; see data_dir") from error
    free = shutil.disk_usage(place).free // 1_000_000
    if free < FREE_MB:
        raise OperatorError(f"only {free} MB are free in {place}; make room, {FREE_MB} MB at least")
    return f"{folder}, {free // 1000} GB free" if folder.exists() else f"{folder}, made at the first start"


async def _database(settings: Settings) -> str:
    path = sqlite_path(settings.database.url)
    if path is not None and not path.exists():
        return f"{path}, made at the first start"
    async with beside(settings, checked=False) as database:
        engine = database.engine()
        try:
            for schema in schemas(find(settings.plugins).plugins):
                check(engine, schema)
            await database.write(check_writable)
        except (sa.exc.DatabaseError, OSError) as error:
            raise OperatorError(f"cannot write into the database: {error}") from error
        finally:
            engine.dispose()
    return f"{path or 'PostgreSQL'}, up to date and writable"


def _port(settings: Settings) -> str:
    host, port = settings.web.host, settings.web.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE and ours(host, port):
                return f"{host}:{port}, a pendopo answers there"
            raise OperatorError(
                f"{host}:{port}: {os.strerror(error.errno or 0)}; stop what listens there, or set web.port"
            ) from error
    return f"{host}:{port} is free" if port else f"{host}, any port that is free"
