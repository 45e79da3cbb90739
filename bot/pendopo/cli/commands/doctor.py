"""`pendopo doctor`: one line for each thing that must be right, and what to do when it is not."""

import asyncio
import errno
import json
import os
import shutil
import socket
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct

from pendopo.adapters.account_forms import AccountFormError, canonicalise_account
from pendopo.adapters.contract import Look
from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import check_settings, find_broken_plugins, parse_plugin_sections
from pendopo.cli.bootstrap.databases import list_schemas, open_offline, require_known_database, sqlite_path
from pendopo.cli.bootstrap.directory_files import demo_file
from pendopo.cli.commands.audit import find_lost_heads
from pendopo.cli.discovery.adapters import list_external_adapters, make_probe
from pendopo.cli.discovery.plugins import find_plugins
from pendopo.cli.options import GlobalOptions, InjectedOptions
from pendopo.cli.output import PROBLEM, escape_controls, make_url, print_json
from pendopo.config import DEFAULT_FILE, Settings, list_secrets
from pendopo.directory.file import read_directory
from pendopo.errors import OperatorError
from pendopo.model.ids import from_ms
from pendopo.store.audit_heads import explain_lost
from pendopo.store.migrate import check_revision, check_writable
from pendopo.store.queries.accounts import list_accounts, list_unconfirmed
from pendopo.store.queries.audit import list_missing_guards, read_head
from pendopo.store.transfer.backup_record import read_backup_record
from pendopo.when.calendar import WorkCalendar

SYSTEM_FILE = Path("/etc/pendopo/pendopo.toml")
"""Where docs/deployment.md puts the settings of a machine."""
FREE_MB = 500
"""Least free space, in megabytes: with less, a day of photos or one backup may fill the disk."""


Probe = Callable[[Settings], str]
"""A check: returns what it found to be right (a `Look` where somebody should), raises `OperatorError` for what is not."""


class Finding(Struct, frozen=True):
    """The result of one check."""

    what: str
    ok: bool
    said: str
    level: Literal["ok", "look", "WRONG"]


def doctor(*, options: InjectedOptions) -> int:
    """Check the installation: one line for each thing, and what to do where it is not right.

    Changes nothing, and may be used beside a bot that runs.
    """
    logs.configure(level="critical")  # the findings report what the log would
    findings = run_probes(options)
    if options.json:
        print_json(findings)
    else:
        for finding in findings:
            print(f"{finding.level:<6}{finding.what:<15}{escape_controls(finding.said)}")
    return 0 if all(finding.ok for finding in findings) else PROBLEM


def run_probes(options: GlobalOptions) -> list[Finding]:
    """Run all checks in order; without valid settings there is nothing else to check."""
    try:
        settings = parse_plugin_sections(options.load_settings())
    except OperatorError as error:
        return [Finding("configuration", False, str(error), "WRONG")]
    file = options.config or (DEFAULT_FILE if Path(DEFAULT_FILE).is_file() else "none; these are the defaults")
    looks: dict[str, Probe] = {
        "timezone": _check_timezone,
        "secrets": lambda settings: _check_secrets(settings, Path(file)),
        "clock": check_clock,
        "holidays": _check_holidays,
        "messengers": _check_messengers,
        **list_probes(settings),
        "plugins": _check_plugins,
        "directory": _check_directory,
        "data folder": _check_data_folder,
        "accounts": lambda settings: asyncio.run(_check_accounts(settings)),
        "database": lambda settings: asyncio.run(_check_database(settings)),
        "audit log": lambda settings: asyncio.run(_check_audit(settings)),
        "backup": _check_backup,
        "links": _check_links,
        "port": _check_port,
        "running bot": check_running_bot,
    }
    if not options.config and not Path(DEFAULT_FILE).is_file() and SYSTEM_FILE.parent.is_dir():
        told = (
            f"none is used, but this machine has {SYSTEM_FILE.parent}: pendopo --config {SYSTEM_FILE} doctor, as the bot's user"
        )
        return [Finding("configuration", False, told, "WRONG")]
    return [
        Finding("configuration", True, str(file), "ok"),
        *(_run_probe(what, look, settings) for what, look in looks.items()),
    ]


def _run_probe(what: str, look: Probe, settings: Settings) -> Finding:
    try:
        said = look(settings)
    except OperatorError as error:
        return Finding(what, False, " ".join(str(error).split()), "WRONG")
    return Finding(what, True, str(said), "look" if isinstance(said, Look) else "ok")


def _check_timezone(settings: Settings) -> str:
    now = datetime.now(ZoneInfo(settings.timezone))
    return f"{settings.timezone}, where it is {now:%Y-%m-%d %H:%M}"


def _check_messengers(settings: Settings) -> str:
    check_settings(settings)
    names = [*settings.adapters.messengers, *(["simulator"] if settings.adapters.simulated else [])]
    return ", ".join(names) or "none: the bot hears nobody; configure one under [adapters]"


def _check_secrets(settings: Settings, file: Path) -> str:
    """Raises `OperatorError` when others may read a configuration file with secrets."""
    if not list_secrets(settings):
        return "none are set"
    if not file.is_file() or not any(secret in file.read_text() for secret in list_secrets(settings)):
        return "nobody else may read them"
    found = file.stat()
    lent = found.st_uid == 0 and found.st_gid != 0  # root's file, for the group of the bot
    right = 0o640 if lent else 0o600
    if found.st_mode & 0o077 & ~right:
        raise OperatorError(f"{file} holds secrets and others may read it: chmod {right:o} {file}")
    return "nobody else may read them"


def _check_holidays(settings: Settings) -> str:
    """Working days depend on holidays; joint leave is decreed anew each autumn."""
    year = datetime.now(ZoneInfo(settings.timezone)).year
    if not settings.calendar.country:
        return f"none but {len(settings.calendar.holidays)} of your own"
    calendar = WorkCalendar(settings.calendar.country, settings.calendar.holidays, settings.calendar.working)
    known = {
        each: sum(bool(calendar.get_holiday(date(each, 1, 1) + timedelta(days=n))) for n in range(365))
        for each in (year, year + 1)
    }
    if not all(known.values()):
        raise OperatorError(f"none are known for {year + 1}: install a newer `holidays`, or name them in [calendar.holidays]")
    return (
        ", ".join(f"{count} in {each}" for each, count in known.items())
        + "; joint leave (cuti bersama) as decreed goes into [calendar]"
    )


def _check_plugins(settings: Settings) -> str:
    found, broken = find_plugins(settings.plugins), asyncio.run(find_broken_plugins(settings))
    if broken:
        why = "; ".join(f"{name}: {error}" for name, error in broken.items())
        raise OperatorError(f"{why} (mend it, or take it out; the others work)")
    return ", ".join(found.places)


def _check_directory(settings: Settings) -> str:
    if settings.directory.file:
        file = read_directory(Path(settings.directory.file))
        return f"{settings.directory.file}: {len(file.person)} persons"
    return f"no file set; what is in the database counts, at the very first start {demo_file().name}"


async def _check_accounts(settings: Settings) -> str:
    """Raises `OperatorError` for accounts stored in another form by older versions: their owners are taken for strangers."""
    path = sqlite_path(settings.database.url)
    if path is not None and not path.exists():
        return "none yet"
    async with open_offline(settings, checked=False) as database:
        try:
            rows, doubted = await list_accounts(database), await list_unconfirmed(database)
        except Exception:  # each database driver has an error of its own for a missing table, which the next line tells of
            return "none that can be read"
    if wrong := [told for row in rows if (told := _explain_form(row.alias))]:
        more = f", and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise OperatorError("; ".join(wrong[:5]) + more + ": correct them in the directory file and import it again")
    waiting = f"; {len(doubted)} names to be confirmed, see the page of people" if doubted else ""
    return f"{len(rows)}, each in the form of its messenger{waiting}"


def _explain_form(alias: str) -> str:
    try:
        right = canonicalise_account(alias)
    except AccountFormError as error:
        return f"{alias!r} {error}"
    return f"{alias!r} should be {right!r}" if right != alias else ""


def _check_data_folder(settings: Settings) -> str:
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


async def _check_database(settings: Settings) -> str:
    path = sqlite_path(settings.database.url)
    require_known_database(settings)
    if path is not None and not path.exists():
        return f"{path}, made at the first start"
    async with open_offline(settings, checked=False) as database:
        try:
            with database.open_engine() as engine:
                for schema in list_schemas(find_plugins(settings.plugins).plugins):
                    check_revision(engine, schema)
            await database.write(check_writable)
        except (sa.exc.DatabaseError, OSError) as error:
            raise OperatorError(f"cannot write into the database: {error}") from error
    return f"{path or 'PostgreSQL'}, up to date and writable"


async def _check_audit(settings: Settings) -> str:
    """Raises `OperatorError` when lines that were there are missing, or the database does not protect the log any more."""
    path = sqlite_path(settings.database.url)
    if path is not None and not path.exists():
        return "begins at the first start"
    async with open_offline(settings) as database:
        newest, lost = await read_head(database), await find_lost_heads(database, settings)
        unguarded = await list_missing_guards(database)
    if lost:
        raise OperatorError(f"{explain_lost(lost, newest)} pendopo audit verify, and compare with a backup")
    if unguarded:
        raise OperatorError(
            f"its protection is missing in the database ({', '.join(unguarded)}); the next start makes it again"
        )
    return f"{newest.line} lines, as far as they are known; pendopo audit verify reads them all"


def _check_backup(settings: Settings) -> str:
    """Raises `OperatorError` when the last backup failed."""
    record = read_backup_record(Path(settings.data_dir))
    if record.failed_at > record.made_at:
        raise OperatorError(f"the last one failed: {record.error}")
    if record.made_at:
        return f"{record.file}, {from_ms(record.made_at):%Y-%m-%d %H:%M} UTC"
    return "none was made yet; docs/backups.md has a timer"


def _check_links(settings: Settings) -> str:
    if settings.web.public_url or not settings.adapters.messengers:
        return settings.web.public_url or "to this machine only"
    return Look("web.public_url is not set: links that people get in chat open on this machine only")


def _check_port(settings: Settings) -> str:
    host, port = settings.web.host, settings.web.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE and is_pendopo(host, port):
                return f"{host}:{port}, a pendopo answers there"
            raise OperatorError(
                f"{host}:{port}: {os.strerror(error.errno or 0)}; stop what listens there, or set web.port"
            ) from error
    return f"{host}:{port} is free" if port else f"{host}, any port that is free"


PROBE_TIMEOUT = 2.0
"""Seconds for one request: the doctor makes many while a person waits for the answers."""
MOST_REPORT = 1_000_000
"""Bytes read of an answer."""
MAX_CLOCK_DRIFT = 30
"""Seconds that the clock may be off."""


def list_probes(settings: Settings) -> dict[str, Probe]:
    """Return the checks of the configured messengers by name; the adapters of others are not imported."""
    adapters = settings.adapters
    looks: dict[str, Probe] = {}
    if (telegram := adapters.telegram) is not None:
        from pendopo.adapters.telegram.diagnostics import diagnose_account as ask_telegram

        looks["telegram"] = lambda _: asyncio.run(ask_telegram(telegram, settings.web.public_url))
    if (cloud := adapters.whatsapp_cloud) is not None:
        from pendopo.adapters.whatsapp_cloud.diagnostics import diagnose_account as ask_cloud
        from pendopo.adapters.whatsapp_cloud.diagnostics import diagnose_template

        looks["whatsapp_cloud"] = lambda _: asyncio.run(ask_cloud(cloud))
        if cloud.template:
            looks["template"] = lambda _: asyncio.run(diagnose_template(cloud))
    if (waha := adapters.waha) is not None:
        from pendopo.adapters.waha.diagnostics import diagnose_account as ask_waha

        looks["waha"] = lambda _: asyncio.run(ask_waha(waha))
    return looks | {name: ask for name in list_external_adapters(settings) if (ask := make_probe(settings, name))}


def check_clock(settings: Settings) -> str:
    """Compare the clock with a messenger's server: reminders and signatures depend on it. Raises `OperatorError`."""
    adapters = settings.adapters
    roots = [
        *([adapters.telegram.api_base_url] if adapters.telegram else []),
        *([adapters.whatsapp_cloud.graph_base_url] if adapters.whatsapp_cloud else []),
    ]
    for root in roots:
        if (theirs := _fetch_date(root)) is not None:
            off = (datetime.now(UTC) - theirs).total_seconds()
            if abs(off) > MAX_CLOCK_DRIFT:
                raise OperatorError(f"the clock is off by {off:+.0f} seconds: let the machine set it by itself (NTP)")
            return f"within {MAX_CLOCK_DRIFT} seconds of {root}"
    return "not compared: no messenger that would know the time is configured and in reach"


def _fetch_date(root: str) -> datetime | None:
    """Read the time from an HTTP server's Date header; None when it cannot be read."""
    try:
        answer = urllib.request.urlopen(root, timeout=PROBE_TIMEOUT)  # noqa: S310  as configured
        headers = answer.headers
    except urllib.error.HTTPError as error:
        headers = error.headers
    except (OSError, ValueError):
        return None
    try:
        return parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None


def check_running_bot(settings: Settings) -> str:
    """Ask a bot that runs here for silent messengers, broken plugins and dead letters. Raises `OperatorError`."""
    port = settings.web.port
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.web.host, settings.web.host)  # noqa: S104  not to listen on
    if not port or not is_pendopo(host, port):
        return "none answers here"
    report = _fetch_report(host, port, settings.web.monitor_token.get_secret_value())
    if "adapters" not in report:
        told = "ready" if report.get("ok") else "not ready"
        raise OperatorError(f"it is {told}, and tells no more to this address: set web.monitor_token")
    silent = [
        f"{name}: {each['note'] or 'silent'} ({each['seconds']:.0f} s)"
        for name, each in report["adapters"].items()
        if not each["ok"]
    ]
    broken = [f"plugin {name}: {why}" for name, why in report["broken_plugins"].items()]
    unwell = [f"plugin {name}: {_describe_unwell(each)}" for name, each in report.get("plugins", {}).items() if not each["ok"]]
    faults = list(report.get("faults", {}).values())
    if faults or silent or broken or unwell:
        raise OperatorError("; ".join([*faults, *silent, *broken, *unwell]))
    dead = f"{report['inbox']['dead']} dead in, {report['outbox']['dead']} dead out"
    return f"well; {dead} (pendopo inbox list, pendopo outbox list); {report['outbox']['waiting']} waiting"


def _describe_unwell(health: dict[str, Any]) -> str:
    """Explain why a plugin is unwell, with the code of its log line."""
    return str(health["note"]) + (f" (its code in the log: {health['code']})" if health["code"] else "")


def _fetch_report(host: str, port: int, token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        asked = urllib.request.Request(f"{make_url(host, port)}/readyz", headers=headers)  # noqa: S310  our own
        answer = urllib.request.urlopen(asked, timeout=PROBE_TIMEOUT)  # noqa: S310  our own
    except urllib.error.HTTPError as error:
        answer = error
    except OSError as error:
        raise OperatorError(f"it answers, but not whether it is ready: {error}") from error
    with answer:
        return dict(json.loads(answer.read(MOST_REPORT)))


def is_pendopo(host: str, port: int) -> bool:
    """Whether a Pendopo web app answers at this address."""
    try:
        with urllib.request.urlopen(f"{make_url(host, port)}/healthz", timeout=PROBE_TIMEOUT) as answer:  # noqa: S310  our own
            return bool(answer.read(8) == b"ok")
    except OSError:
        return False
