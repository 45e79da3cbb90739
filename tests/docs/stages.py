"""What a block finds there before it: `<!-- test: with NAME -->`."""

import asyncio
import importlib
import re
import shutil
import socket
import sqlite3
import sys
import tomllib
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any

import openpyxl
from pendopo import Context, Plugin
from pendopo.cli import main
from pendopo.cli.bootstrap.directory_files import demo_file
from pendopo.directory.file import read_directory
from pendopo.errors import ChatClosedError
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin

from .blocks import ROOT
from .playing import Reader

Stage = Callable[[Reader], None]
STAGES: dict[str, Stage] = {}
FILE = "sqlite:///var/pendopo.db"


def stage(prepare: Stage) -> Stage:
    """Give a preparation its name: dead_letters is asked for as "dead letters"."""
    STAGES[prepare.__name__.replace("_", " ")] = prepare
    return prepare


def anew(reader: Reader, live: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
    """An empty database, in which something happens."""
    shutil.rmtree(reader.place / "var", ignore_errors=True)
    main(["db", "upgrade"])
    if live is not None:
        asyncio.run(live())
    reader.capture.readouterr()


@stage
def the_distribution_of_this_page(reader: Reader) -> None:
    """What its pyproject.toml and its modules are is installed."""
    project = tomllib.loads((reader.place / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = project["name"].replace("-", "_")
    about = reader.place / f"{package}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = [[f"[{group}]", *map(" = ".join, points.items())] for group, points in project["entry-points"].items()]
    (about / "entry_points.txt").write_text("\n".join(line for group in groups for line in group))
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]  # it was imported before all of it was written
    importlib.invalidate_caches()


@stage
def port_in_use(reader: Reader) -> None:
    """Something listens where the bot is to."""
    reader.kept.append(socket.create_server(("127.0.0.1", 0)))
    reader.patch.setenv("PENDOPO_WEB__PORT", str(reader.kept[-1].getsockname()[1]))


@stage
def dead_letters(reader: Reader) -> None:
    """A plugin broke at an event, and somebody blocked the bot."""
    reader.patch.delenv("PENDOPO_WEB__PORT")
    rusak = Plugin("rusak", summary="Rusak", policy="known")

    @rusak.command("rusak")
    async def hitung(ctx: Context) -> None:
        """Break."""
        await ctx.reply("umum.tidak_ada", nomor=1 // 0)

    async def live() -> None:
        async with Story([bantuan, rusak], database=FILE, raises=False) as story:
            await story.kadis.says("/rusak", group=True)
            await story.advance(minutes=10)
            story.messenger.faults.append(ChatClosedError("bot was blocked by the user"))
            await story.kadishub.says("/bantuan")

    anew(reader, live)


@stage
def an_izin(reader: Reader) -> None:
    """Somebody began to ask for permission."""

    async def live() -> None:
        async with Story([izin], database=FILE) as story:
            await story.kadis.says("/izin menghadiri rakor 30 Desember jam 9")

    anew(reader, live)


@stage
def an_izin_that_waits(reader: Reader) -> None:
    """Somebody asked for permission, and nobody has decided."""

    async def live() -> None:
        async with Story([izin], database=FILE) as story:
            await story.kadis.says("/izin menghadiri rakor 30 Desember jam 9")
            await story.kadis.presses("Kirim")

    anew(reader, live)


@stage
def an_empty_folder(reader: Reader) -> None:
    """There is no database yet."""
    shutil.rmtree(reader.place / "var", ignore_errors=True)


@stage
def a_forged_line(reader: Reader) -> None:
    """Somebody with the database's file changed who did it."""
    with closing(sqlite3.connect(reader.place / "var" / "pendopo.db")) as database, database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE audit SET action = 'izin.setujui' WHERE id = 1")


@stage
def a_directory_file(reader: Reader) -> None:
    """The demo's people in a file."""
    shutil.copy(demo_file(), reader.place / "directory.toml")
    anew(reader)


@stage
def a_table_of_staff(reader: Reader) -> None:
    """The demo's people in a workbook as a personnel office writes it, one with another post."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Pegawai"
    for line in (["DAFTAR PEGAWAI"], [], ["Nama Lengkap", "Jabatan", "Unit Kerja", "No. HP"]):
        sheet.append(line)
    file = read_directory(demo_file())
    posts, units = ({post.code: post for post in file.post}, {unit.code: unit.name for unit in file.unit})
    for number, person in enumerate(file.person):
        post = posts[person.posts[0]]
        sheet.append([person.name, post.title, units[post.unit], f"0812200000{number:02}"])
    sheet.append(["Tatang Suryadi", "Kepala Bidang Jalan", units["pu"], None])
    book.save(reader.place / "pegawai.xlsx")
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    (table,) = re.findall(r'```toml title="simpeg.toml"\n(.*?)```', page, re.DOTALL)
    (reader.place / "simpeg.toml").write_text(table, encoding="utf-8")
    anew(reader)
    main(["directory", "import", str(demo_file())])
    reader.capture.readouterr()


@stage
def a_changed_directory_file(reader: Reader) -> None:
    """A title is another one, and somebody stands in for the Sekda."""
    path = reader.place / "directory.toml"
    text = path.read_text(encoding="utf-8").replace('title = "Kadishub"', 'title = "Kadis Hub"')
    mandate = '[[mandate]]\nkind = "plh"\npost = "sekda"\nperson = "Rina Hidayat"\nsince = 2026-08-13\nbasis = "SP/123"\n'
    path.write_text(f"{text}\n{mandate}", encoding="utf-8")
