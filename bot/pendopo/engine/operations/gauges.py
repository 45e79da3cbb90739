"""Gauges, measured when they are asked for: what is waiting, for how long, and which adapters are up."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from shutil import disk_usage
from typing import Any

from pendopo.adapters.contract import Adapter, BillingSource
from pendopo.engine.telemetry.metrics import Measure
from pendopo.store import Database
from pendopo.store.queries import deliveries, inbox, reminders
from pendopo.store.queries.dead_letters import count_letters
from pendopo.store.tables import InboxState
from pendopo.store.transfer.backup_record import read_backup_record

_OLDEST = {"inbox": inbox.find_oldest_due, "outbox": deliveries.find_oldest_due, "reminders": reminders.find_oldest_due}


async def collect_gauges(
    database: Database, adapters: Mapping[str, Adapter], report: Mapping[str, Any], now_ms: int, folder: Path
) -> list[Measure]:
    """Measures all gauges. The cost grows with what is waiting, not with what was done."""
    open_ = await count_letters(database, "inbox", [InboxState.OPEN])
    ages = [({"queue": queue}, _measure_age(await find(database, now_ms), now_ms)) for queue, find in _OLDEST.items()]
    waiting = [({"state": state}, float(number)) for state, number in report["outbox"].items()]
    held: list[tuple[dict[str, str], float]] = [({}, float(report["loop"]["held"]))]
    return [
        Measure("pendopo_outbox", "Deliveries in the outbox that are not made.", "gauge", waiting),
        _gauge("pendopo_inbox", "Deliveries that are stored and not handled.", open_),
        _gauge("pendopo_inbox_dead", "Deliveries nobody could handle.", report["inbox"]["dead"]),
        Measure("pendopo_oldest_seconds", "How long the oldest has waited of what is due.", "gauge", ages),
        Measure("pendopo_loop_held", "How often a handler held the event loop.", "counter", held),
        *_measure_parts(report),
        _gauge("pendopo_store_writable", "Whether the database took what was written last.", "tulis" not in report["faults"]),
        _gauge("pendopo_database_bytes", "Size of the database.", await database.count_bytes()),
        _gauge("pendopo_disk_free_bytes", "Room where the data is.", disk_usage(folder).free),
        _measure_backup(folder),
        Measure("pendopo_build_info", "The version that runs.", "gauge", [({"version": version("pendopo")}, 1.0)]),
        Measure("pendopo_charged", "Messages by what the messenger charges for them.", "counter", _list_charges(adapters)),
    ]


def _gauge(name: str, words: str, value: float) -> Measure:
    return Measure(name, words, "gauge", [({}, float(value))])


def _measure_parts(report: Mapping[str, Any]) -> list[Measure]:
    """Which messengers and plugins are well, and what is wrong with the bot."""
    up = [({"adapter": name}, float(each["ok"])) for name, each in report["adapters"].items()]
    silent = [({"adapter": name}, each["seconds"]) for name, each in report["adapters"].items() if each["seconds"] >= 0]
    plugins = [({"plugin": name}, float(each["ok"])) for name, each in report["plugins"].items()]
    faults = [({"what": what}, 1.0) for what in report["faults"]]
    able = "Whether a plugin that can say so is well; 0 too where it could not start."
    return [
        Measure("pendopo_adapter_up", "Whether a messenger is in reach.", "gauge", up),
        Measure("pendopo_adapter_silence_seconds", "Since its last sign of life.", "gauge", silent),
        Measure("pendopo_plugin_up", able, "gauge", plugins),
        Measure("pendopo_fault", "What is wrong with the bot itself.", "gauge", faults),
    ]


def _measure_backup(folder: Path) -> Measure:
    made_at = read_backup_record(folder).made_at
    samples: list[tuple[dict[str, str], float]] = [({}, made_at / 1000)] if made_at else []
    return Measure("pendopo_last_backup_timestamp_seconds", "When the last backup was made.", "gauge", samples)


def _measure_age(oldest: int | None, now_ms: int) -> float:
    return max(0, now_ms - oldest) / 1000 if oldest is not None else 0.0


def _list_charges(adapters: Mapping[str, Adapter]) -> list[tuple[dict[str, str], float]]:
    return [
        ({"adapter": name, "category": category, "billable": "yes" if charged else "no"}, float(count))
        for name, adapter in adapters.items()
        if isinstance(adapter, BillingSource)
        for (category, charged), count in adapter.count_charges().items()
    ]
