"""An installation is known by an id that no other has, and what had a name before keeps it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pendopo.store import open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.queries.settings import Installation, identify_installation

NOW = datetime(2026, 8, 12, tzinfo=UTC)


async def identify(path: Path, now: datetime) -> Installation:
    database = open_database(f"sqlite:///{path}")
    engine = database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    try:
        return await identify_installation(database, now)
    finally:
        await database.close()


async def test_the_first_start_makes_an_id_and_later_ones_keep_it(tmp_path: Path) -> None:
    first = await identify(tmp_path / "a.db", NOW)
    assert first == await identify(tmp_path / "a.db", NOW + timedelta(days=9))
    assert first.id
    assert first.made_at == NOW.timestamp() * 1000


async def test_a_database_begun_anew_is_another_installation(tmp_path: Path) -> None:
    one, other = await identify(tmp_path / "a.db", NOW), await identify(tmp_path / "b.db", NOW)
    assert one.make_world_id("rapat-1", NOW) != other.make_world_id("rapat-1", NOW)


def test_what_left_the_house_before_keeps_its_name() -> None:
    installation = Installation("k3v9", int(NOW.timestamp() * 1000))
    assert installation.make_world_id("rapat-1", NOW - timedelta(seconds=1)) == "rapat-1@pendopo"
    assert installation.make_world_id("rapat-2", NOW) == "rapat-2@k3v9.pendopo"
