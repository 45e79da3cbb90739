"""What docs/growing.md tells people to type works, in that order, on a PostgreSQL of its own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from pendopo.cli import main
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin

from .blocks import ROOT, Block, blocks_of
from .playing import Reader

pytestmark = [pytest.mark.sqlite, pytest.mark.postgres]
PAGE = ROOT / "docs" / "growing.md"
PRINTED = "postgresql://pendopo:choose-one@localhost/pendopo"


@pytest.fixture
def administrator(postgres_server: str) -> Iterator[psycopg.Connection]:
    """Whoever may make roles and databases; what the page made is gone at the end."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        yield connection
        connection.execute("DROP DATABASE IF EXISTS pendopo WITH (FORCE)")
        connection.execute("DROP DATABASE IF EXISTS pendopo_elsewhere WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS pendopo")


class Growing(Reader):
    """A reader of this page, whose PostgreSQL listens elsewhere than the page's, and whose commands must all go well."""

    server: sa.URL
    administrator: psycopg.Connection

    def there(self, database: str) -> str:
        """The address of a database, as the page's role reaches it."""
        url = self.server.set(username="pendopo", password="choose-one", database=database)
        return url.render_as_string(hide_password=False)

    def does_sql(self, block: Block) -> None:
        """Run each statement as the administrator."""
        for statement in filter(str.strip, block.body.split(";\n")):
            self.administrator.execute(statement)

    def does_toml(self, block: Block) -> None:
        """Make the file the page speaks of, with the address of the database that is here."""
        assert PRINTED in block.body
        text = block.body.replace(PRINTED, self.there("pendopo"))
        (self.place / block.title).write_text(f"{text}\n[web]\nport = 0\n", encoding="utf-8")

    def ran(self, words: list[str], code: int) -> None:
        """Every command of this page goes well."""
        assert code == 0, f"{words}: {self.capture.readouterr()}"


async def live() -> None:
    async with Story([bantuan, izin], database="sqlite:///var/pendopo.db") as story:
        await story.kadis.says("/izin menghadiri rakor 30 Desember jam 9")
        await story.kadis.presses("Kirim")


def test_every_block_works_in_its_order(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    postgres_server: str,
    administrator: psycopg.Connection,
) -> None:
    monkeypatch.chdir(tmp_path)
    reader = Growing(tmp_path, monkeypatch, capsys)
    reader.server, reader.administrator = sa.make_url(postgres_server), administrator
    main(["db", "upgrade"])
    asyncio.run(live())
    capsys.readouterr()
    blocks = blocks_of(PAGE)
    assert [block.language for block in blocks].count("console") == 4
    for block in blocks:
        reader.does(block)
    administrator.execute("CREATE DATABASE pendopo_elsewhere OWNER pendopo TEMPLATE template0")
    (tmp_path / "elsewhere.toml").write_text(f'[database]\nurl = "{reader.there("pendopo_elsewhere")}"\n')
    assert "pendopo restore monday.tar.gz --config elsewhere.toml" in PAGE.read_text(encoding="utf-8")
    assert main(["restore", "monday.tar.gz", "--config", "elsewhere.toml"]) == 0
