"""Each owner of tables has a history of its own, and no history hurts another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pendopo.errors import StoreError
from pendopo.store import open_database
from pendopo.store.migrate import Schema, check_revision, core_schema, current_revision, upgrade_schema

FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.add_column("{name}", sa.Column("isi", sa.Text))
    {more}
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    made = sa.create_engine(url, poolclass=sa.NullPool)
    yield made
    made.dispose()


def schema(tmp_path: Path, name: str, second: str | None = None) -> Schema:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / "0001_first.py").write_text(FIRST.format(name=name))
    if second is not None:
        (folder / "0002_second.py").write_text(SECOND.format(name=name, more=second))
    return Schema(name, folder)


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def columns(engine: sa.Engine, table: str) -> set[str]:
    return {column["name"] for column in sa.inspect(engine).get_columns(table)}


def test_upgrading_twice_changes_nothing(engine: sa.Engine) -> None:
    assert upgrade_schema(engine, core_schema())
    before = tables(engine)
    assert not upgrade_schema(engine, core_schema())
    assert tables(engine) == before


def test_each_owner_has_a_version_table_of_its_own(engine: sa.Engine, tmp_path: Path) -> None:
    upgrade_schema(engine, schema(tmp_path, "satu"))
    upgrade_schema(engine, schema(tmp_path, "dua", ""))
    assert {"satu", "dua", "alembic_version_satu", "alembic_version_dua"} <= tables(engine)
    assert current_revision(engine, Schema("satu", None)) == "0001"
    assert current_revision(engine, Schema("dua", None)) == "0002"
    assert current_revision(engine, Schema("tiga", None)) == ""


def test_a_plugin_that_is_gone_leaves_its_tables_and_hurts_nobody(engine: sa.Engine, tmp_path: Path) -> None:
    upgrade_schema(engine, schema(tmp_path, "satu"))
    upgrade_schema(engine, schema(tmp_path, "dua"))
    check_revision(engine, schema(tmp_path, "dua"))
    assert "satu" in tables(engine)


@pytest.mark.parametrize("fault", ["raise RuntimeError('x')", "op.drop_table('nothing')", "op.execute('SELEKT 1')"])
def test_a_migration_that_breaks_leaves_the_database_as_it_was(engine: sa.Engine, tmp_path: Path, fault: str) -> None:
    upgrade_schema(engine, schema(tmp_path, "satu"))
    with pytest.raises(StoreError, match="satu: its migration failed"):
        upgrade_schema(engine, schema(tmp_path, "satu", fault))
    assert current_revision(engine, Schema("satu", None)) == "0001"
    assert columns(engine, "satu") == {"id"}
    upgrade_schema(engine, schema(tmp_path, "dua"))
    upgrade_schema(engine, schema(tmp_path, "satu", ""))
    assert columns(engine, "satu") == {"id", "isi"}


def test_a_migration_that_cannot_even_be_read_is_named(engine: sa.Engine, tmp_path: Path) -> None:
    made = schema(tmp_path, "satu")
    (tmp_path / "satu" / "0002_broken.py").write_text("this is no Python")
    with pytest.raises(StoreError, match="satu"):
        upgrade_schema(engine, made)


def test_a_database_behind_or_ahead_is_told_with_what_to_do(engine: sa.Engine, tmp_path: Path) -> None:
    made = schema(tmp_path, "satu")
    with pytest.raises(StoreError, match="revision none, this version needs 0001: run `pendopo db upgrade`"):
        check_revision(engine, made)
    upgrade_schema(engine, made)
    newer = schema(tmp_path, "satu", "")
    with pytest.raises(StoreError, match="revision 0001, this version needs 0002"):
        check_revision(engine, newer)


def test_a_plugin_without_migrations_gets_its_tables_but_a_column_that_is_missing_is_reported(engine: sa.Engine) -> None:
    before, after = sa.MetaData(), sa.MetaData()
    sa.Table("buku", before, sa.Column("id", sa.Integer, primary_key=True))
    assert upgrade_schema(engine, Schema("buku", None, before))
    assert not upgrade_schema(engine, Schema("buku", None, before))
    sa.Table("buku", after, sa.Column("id", sa.Integer, primary_key=True), sa.Column("judul", sa.Text))
    with pytest.raises(StoreError, match=r"lacks column buku\.judul: add a migration"):
        upgrade_schema(engine, Schema("buku", None, after))


async def test_an_open_database_lends_an_engine_for_it(database_url: str) -> None:
    database = open_database(database_url)
    engine = database.make_engine()
    upgrade_schema(engine, core_schema())
    engine.dispose()
    assert await database.read("SELECT count(*) FROM inbox") == [(0,)]
    await database.close()
