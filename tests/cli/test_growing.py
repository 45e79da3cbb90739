"""What docs/growing.md tells people to type works, in that order."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bot.testing import Story
from plugins.bantuan import plugin as bantuan
from plugins.izin import plugin as izin

pytestmark = pytest.mark.sqlite
DOC = (Path(__file__).parent.parent.parent / "docs" / "growing.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", DOC, re.DOTALL | re.MULTILINE)
    return [body for name, body in found if name == kind]


@pytest.fixture
def administrator(postgres_server: str) -> Iterator[psycopg.Connection]:
    """Whoever may make roles and databases; what the page made is gone at the end."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        yield connection
        connection.execute("DROP DATABASE IF EXISTS pendopo WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS pendopo")


async def live() -> None:
    async with Story([bantuan, izin], database="sqlite:///var/pendopo.db") as story:
        await story.kadis.says("/izin menghadiri rakor 30 Desember jam 9")
        await story.kadis.presses("Kirim")


@pytest.mark.postgres
def test_every_command_works_in_its_order(
    pendopo, place: Path, postgres_server: str, administrator: psycopg.Connection
) -> None:
    pendopo("db", "upgrade")
    asyncio.run(live())
    (sql,), (toml,) = blocks("sql"), blocks("toml")
    for statement in sql.split(";\n"):
        if statement.strip():
            administrator.execute(statement)
    (written,) = re.findall(r'url = "(.*)"', toml)
    there = sa.make_url(postgres_server).set(username="pendopo", password="choose-one", database="pendopo")
    (place / "large.toml").write_text(
        f"{toml.replace(written, there.render_as_string(hide_password=False))}\n[web]\nport = 0\n", encoding="utf-8"
    )
    commands = [line.removeprefix("$ ") for block in blocks("") for line in block.splitlines() if line.startswith("$ ")]
    assert len(commands) == 7
    for command in commands:
        program, *words = command.split()
        said = pendopo(*words)
        assert (program, said.code) == ("pendopo", 0), f"{command}: {said}"
    administrator.execute("CREATE DATABASE pendopo_elsewhere OWNER pendopo TEMPLATE template0")
    try:
        elsewhere = there.set(database="pendopo_elsewhere").render_as_string(hide_password=False)
        (place / "elsewhere.toml").write_text(f'[database]\nurl = "{elsewhere}"\n')
        assert pendopo("restore", "monday.tar.gz", "--config", "elsewhere.toml").code == 0
    finally:
        administrator.execute("DROP DATABASE pendopo_elsewhere WITH (FORCE)")
