"""The bot says that it is unwell from what happened last, and that it is well again; administrators are told once."""

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pendopo.adapters.contract import Incoming
from pendopo.config import DirectorySettings, Settings
from pendopo.engine.operations import health_monitor
from pendopo.errors import StoreError
from pendopo.store.queries import deliveries, inbox
from pendopo.store.transfer.backup_record import BackupRecord, write_backup_record
from pendopo.testing import Story
from pendopo.testing.story import directory_file
from pendopo.web.metrics import render_metrics
from pendopo_bantuan import plugin as bantuan


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([bantuan]) as told:
        yield told


async def look(story: Story) -> tuple[bool, dict[str, str]]:
    await story.app.health_monitor.check()
    report = await story.app.readiness()
    return report["ok"], report["faults"]


class Broken:
    """A database that takes nothing while it is `broken`."""

    def __init__(self, story: Story, patch: pytest.MonkeyPatch, error: Exception) -> None:
        self.broken, write = True, story.app.database.write

        async def refuse(*args: Any, **kwargs: Any) -> Any:
            if self.broken:
                raise error
            return await write(*args, **kwargs)

        patch.setattr(story.app.database, "write", refuse)


@pytest.mark.parametrize(
    "error",
    [
        StoreError("cannot write into pendopo.db: database or disk is full"),
        sqlite3.OperationalError("attempt to write a readonly database"),
        OSError("Input/output error"),
    ],
)
async def test_a_database_that_takes_nothing_is_seen_and_seen_to_work_again(
    story: Story, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    assert await look(story) == (True, {})
    database = Broken(story, monkeypatch, error)
    ok, faults = await look(story)
    assert (ok, str(error) in faults["tulis"]) == (False, True)
    report = await story.app.readiness()
    assert not any(adapter["ok"] for adapter in report["adapters"].values())
    assert b"pendopo_store_writable 0.0" in render_metrics(story.app.metrics, await story.app.gauges())
    database.broken = False
    assert await look(story) == (True, {})


async def test_a_delivery_that_could_not_be_stored_counts_at_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Broken(story, monkeypatch, StoreError("disk is full"))
    with pytest.raises(StoreError):
        await story.app.accept("memory", [Incoming("9", "memory:1", "message", b"{}")])
    assert (await story.app.readiness())["faults"] == {"tulis": "disk is full"}
    database.broken = False
    ok, _ = await look(story)  # a small write succeeds sooner than a large one
    assert not ok
    await story.app.accept("memory", [Incoming("9", "memory:1", "message", b"{}")])
    assert await look(story) == (True, {})


async def test_a_full_disk_a_late_queue_and_a_clock_that_jumps_are_seen(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda folder: usage(1, 1, 5_000_000))
        ok, faults = await look(story)
        assert (ok, "only 5 MB are free" in faults["ruang"]) == (False, True)
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "find_overdue", lambda *_: _answer(story.app.core.now_ms() - 121_000))
        ok, faults = await look(story)
        assert (ok, faults["antrean"]) == (False, "the oldest delivery in the inbox has waited 121 seconds")
    story.clock.move_to(story.clock.now() + timedelta(hours=1))
    ok, faults = await look(story)
    assert (ok, faults) == (False, {"jam": "the clock jumped by +3600 seconds"})
    monkeypatch.setattr(health_monitor, "LASTING_SECONDS", 0)
    assert await look(story) == (True, {})


async def _answer(value: int) -> int:
    return value


async def test_sends_that_fail_and_files_out_of_reach_are_seen(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    await look(story)
    story.app.metrics.sent["memory", "retried"] += 3
    monkeypatch.setattr(deliveries, "find_oldest_due", lambda *_: _answer(1))
    ok, faults = await look(story)
    assert (ok, faults) == (False, {"kirim": "nothing can be sent to memory"})
    story.app.metrics.sent["memory", "sent"] += 1
    assert await look(story) == (True, {})

    async def refuse() -> None:
        raise OSError("no route to the bucket")

    with monkeypatch.context() as patch:
        patch.setattr(story.app.core.blobs, "check_remote", refuse)
        ok, faults = await look(story)
        assert (ok, "no route to the bucket" in faults["berkas"]) == (False, True)
    assert await look(story) == (True, {})


async def test_a_directory_file_that_went_is_seen(tmp_path: Path) -> None:
    async with Story([bantuan]) as story:
        file = tmp_path / "directory.toml"
        settings = Settings(directory=DirectorySettings(file=str(file)), data_dir=str(tmp_path))
        monitor = health_monitor.HealthMonitor(story.app.core, settings, story.app.outbox.enqueue)
        await monitor.check()
        assert "cannot be read: No such file" in monitor.faults["direktori"].said
        file.touch()
        await monitor.check()
        assert monitor.faults == {}


async def test_a_backup_that_failed_or_is_old_is_told_and_the_bot_stays_ready(story: Story) -> None:
    folder, now = Path(story.app.settings.data_dir), story.app.core.now_ms()
    for record, said in (
        (BackupRecord("b.tar", now - 60_000, now, "disk is full"), {"cadangan": "the last backup failed: disk is full"}),
        (BackupRecord("b.tar", now - 4 * 86_400_000), {"cadangan": "the last backup is 4 days old"}),
        (BackupRecord("b.tar", now, now - 60_000, "disk is full"), {}),
        (BackupRecord(), {}),
    ):
        write_backup_record(folder, record)
        assert await look(story) == (True, said)


async def test_administrators_are_told_once_and_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_monitor, "TELL_SECONDS", 0)
    async with Story([bantuan]) as story:
        told: list[str] = []

        async def note(name: str, key: str) -> None:
            told.append(f"{key} {name}")

        monkeypatch.setattr(story.app.health_monitor, "_send_notice", note)
        usage = namedtuple("usage", "total used free")
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda folder: usage(1, 1, 0))
            for _ in range(3):
                await look(story)
        await look(story)
        await look(story)
        assert told == ["umum.gangguan ruang", "umum.gangguan_selesai ruang"]


async def test_what_administrators_read_is_a_sentence_and_comes_once(database_url: str) -> None:
    people = directory_file("memory").replace('roles = ["sekda"]', 'roles = ["sekda", "admin_sistem"]')
    async with Story([bantuan], database=database_url, directory=people) as story:
        for key in ("umum.gangguan", "umum.gangguan", "umum.gangguan_selesai", "umum.gangguan_selesai"):
            await story.app.health_monitor._send_notice("ruang", key)
        await story.wait_until_idle()
        assert [message.text for message in story.sekda.messages] == [
            "Bot terganggu: ruang disk hampir habis. Mohon periksa dengan pendopo doctor; kabar menyusul bila sudah pulih.",
            "Sudah pulih dari gangguan: ruang disk hampir habis.",
        ]
