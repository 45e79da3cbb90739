"""Files of people: each whole or not there, and none for ever."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pendopo.store import AttachmentCache

NOW = datetime(2026, 8, 12, tzinfo=UTC)


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def read(arrivals: AttachmentCache, ref: str) -> bytes:
    return b"".join([piece async for piece in arrivals.stream_file("waha", ref)])


async def test_what_was_put_is_there_under_its_name(tmp_path: Path) -> None:
    arrivals = AttachmentCache(tmp_path / "arrivals")
    assert not arrivals.has_file("waha", "a/../b")
    assert await arrivals.store_file("waha", "a/../b", pieces(b"satu", b"dua"), 100, NOW)
    assert arrivals.has_file("waha", "a/../b")
    assert await read(arrivals, "a/../b") == b"satudua"
    assert not arrivals.has_file("telegram", "a/../b")


async def test_too_much_and_half_of_it_leave_nothing(tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    arrivals = AttachmentCache(tmp_path)
    assert not await arrivals.store_file("waha", "a", pieces(b"12345", b"67890"), 9, NOW)
    with pytest.raises(ConnectionError):
        await arrivals.store_file("waha", "b", breaks(), 9, NOW)
    assert os.listdir(tmp_path) == []


async def test_the_old_go_and_so_do_the_oldest_where_there_are_too_many(tmp_path: Path) -> None:
    arrivals = AttachmentCache(tmp_path)
    for days in (8, 3, 2, 1):
        await arrivals.store_file("waha", str(days), pieces(b"x" * 10), 100, NOW - timedelta(days=days))
    assert arrivals.prune_files(NOW, most=20) == 2
    assert [arrivals.has_file("waha", str(days)) for days in (8, 3, 2, 1)] == [False, False, True, True]
