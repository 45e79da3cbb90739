"""Each command with any number says a sentence; nothing becomes a dead letter, and nothing an error in the log."""

from itertools import product
from pathlib import Path

import pytest
from pendopo import Plugin
from pendopo.config import LimitSettings, Settings
from pendopo.model.numbers import LARGEST, LARGEST_ROW
from pendopo.testing import Story
from pendopo_akun import plugin as akun
from pendopo_disposisi import plugin as disposisi
from pendopo_ingatkan import plugin as ingatkan
from pendopo_izin import plugin as izin
from pendopo_kelola import plugin as kelola
from pendopo_laporan import plugin as laporan
from pendopo_rapat import plugin as rapat
from structlog.testing import capture_logs

from .conftest import make_directory

PLUGINS = [akun, kelola, izin, rapat, ingatkan, disposisi, laporan]
NUMBERS = [
    "0",
    "-1",
    "7",
    str(LARGEST_ROW),
    str(LARGEST_ROW + 1),
    str(LARGEST),
    str(LARGEST + 1),
    "9" * 40,
    "٣",
    "三",
    "²",
    "①",
]
UNLIMITED = Settings(limits=LimitSettings(per_person=0, per_chat=0))


def list_commands(plugin: Plugin) -> list[str]:
    """The commands of a plugin that take something."""
    routes = [route for route in plugin.list_routes() if route.kind == "command"]
    return sorted({route.words[0] for route in routes if route.params or route.words[0] in ("izin", "rapat", "tl")})


NOT_FOUND = ("izin", "tl", "rapat", "galeri", "peta", "setuju", "izin batal", "rapat undang", "laporan tutup", "ingatkan hapus")


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
async def test_every_command_answers_any_number(plugin: Plugin, database_url: str) -> None:
    async with Story(PLUGINS, database=database_url, directory=make_directory(), settings=UNLIMITED) as story:
        sekda = story.actor("asda2")
        for command, number in product(list_commands(plugin), NUMBERS):
            with capture_logs() as lines:
                before = len(sekda.messages)
                await sekda.says(f"/{command} {number}")
            assert len(sekda.messages) > before or sekda.toast, f"/{command} {number} is not answered"
            assert "gagal diproses" not in sekda.last.text, sekda.last.text
            assert not [line for line in lines if line["log_level"] in ("error", "critical")], f"/{command} {number}"
            await sekda.says("/batal")


@pytest.mark.parametrize("command", NOT_FOUND)
async def test_a_number_that_nothing_has_is_said_to_be_none(command: str, tmp_path: Path) -> None:
    async with Story(PLUGINS, database=f"sqlite:///{tmp_path}/x.db", directory=make_directory()) as story:
        admin = story.actor("asda2")
        for number in ("0", "99", str(LARGEST_ROW + 1), str(LARGEST + 1), "٩٩"):
            await admin.says(f"/{command} {number} Kadis PU")
            if "tidak ditemukan" not in admin.last.text:
                await admin.says(f"/{command} {number}")
            assert "tidak ditemukan" in admin.last.text
