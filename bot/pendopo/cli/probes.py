"""The checks of `pendopo doctor` that ask over the network: the messengers, and a bot that runs here."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pendopo.cli.discovery.adapters import list_external_adapters, make_probe
from pendopo.cli.output import make_url
from pendopo.config import Settings
from pendopo.errors import OperatorError

PROBE_TIMEOUT = 2.0
"""Seconds for one request: the doctor makes many while a person waits for the answers."""
MAX_CLOCK_DRIFT = 30
"""Seconds that the clock may be off."""
Probe = Callable[[Settings], str]
"""A check: returns what it found to be right, raises `OperatorError` for what is not."""


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
    host, port = settings.web.host, settings.web.port
    if not port or not is_pendopo(host, port):
        return "none answers here"
    report = _fetch_report(host, port)
    silent = [
        f"{name}: {each['note'] or 'silent'} ({each['seconds']:.0f} s)"
        for name, each in report["adapters"].items()
        if not each["ok"]
    ]
    broken = [f"plugin {name}: {why}" for name, why in report["broken_plugins"].items()]
    unwell = [f"plugin {name}: {_describe_unwell(each)}" for name, each in report.get("plugins", {}).items() if not each["ok"]]
    if silent or broken or unwell:
        raise OperatorError("; ".join([*silent, *broken, *unwell]))
    dead = f"{report['inbox']['dead']} dead in, {report['outbox']['dead']} dead out"
    return f"well; {dead} (pendopo inbox list, pendopo outbox list); {report['outbox']['waiting']} waiting"


def _describe_unwell(health: dict[str, Any]) -> str:
    """Explain why a plugin is unwell, with the code of its log line."""
    return str(health["note"]) + (f" (its code in the log: {health['code']})" if health["code"] else "")


def _fetch_report(host: str, port: int) -> dict[str, Any]:
    try:
        answer = urllib.request.urlopen(f"{make_url(host, port)}/readyz", timeout=PROBE_TIMEOUT)  # noqa: S310  our own
    except urllib.error.HTTPError as error:
        answer = error
    except OSError as error:
        raise OperatorError(f"it answers, but not whether it is ready: {error}") from error
    with answer:
        return dict(json.loads(answer.read()))


def is_pendopo(host: str, port: int) -> bool:
    """Whether a Pendopo web app answers at this address."""
    try:
        with urllib.request.urlopen(f"{make_url(host, port)}/healthz", timeout=PROBE_TIMEOUT) as answer:  # noqa: S310  our own
            return bool(answer.read(8) == b"ok")
    except OSError:
        return False
