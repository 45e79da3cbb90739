"""Whoever writes a plugin sees it run as soon as it is saved; a broken save stops nobody."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pendopo.cli.reload.watcher import Watcher, list_watched, stamp_files
from pendopo.config import Settings

from tests.cli.commands.test_run import get, running
from tests.cli.conftest import Pendopo

PLUGIN = """
from pendopo import Context, Plugin, PluginHealth

plugin = Plugin("sapa", summary="Sapa", policy="known")


@plugin.health()
async def kabar(ctx: Context) -> PluginHealth:
    return PluginHealth(True, "{note}")
"""


FINE, BROKEN = (True, None), (False, None)


class Fake:
    """A child of which everything is noted."""

    def __init__(self, number: int, told: list[str], fine: bool = True, code: int | None = None) -> None:
        self.number, self.told, self.fine, self.code = number, told, fine, code
        self.asked = self.over = False

    def ready(self) -> bool:
        self.asked = True
        return self.fine

    def go(self) -> None:
        self.told.append(f"go {self.number}")

    def stop(self) -> None:
        self.over = True
        if self.asked:  # a spare one that was never needed
            self.told.append(f"stop {self.number}")

    def ended(self) -> int | None:
        return self.code


def watched(children: list[tuple[bool, int | None]], saves: list[int]) -> tuple[int, list[str]]:
    """What happens when the files look like this, one look after the other: the exit code and everything that was done."""
    told: list[str] = []
    made = [Fake(n, told, fine, code) for n, (fine, code) in enumerate([*children, FINE], 1)]
    numbered: Iterator[Fake] = iter(made)
    looks = iter(saves)
    left = [True] * (len(saves) - 1) + [False]
    watcher = Watcher(lambda: next(numbered), lambda: {Path("x.py"): (next(looks), 0)}, lambda: left.pop(0), told.append)
    code = watcher.run()
    assert made[-1].over  # the spare one
    return code, told


def test_nothing_happens_while_nothing_is_saved() -> None:
    assert watched([FINE], [1, 1, 1]) == (0, ["go 1", "stop 1"])


def test_the_new_one_is_loaded_before_the_old_one_ends() -> None:
    assert watched([FINE, FINE], [1, 2, 2]) == (0, ["go 1", "stop 1", "go 2", "the new code runs", "stop 2"])


def test_a_broken_save_leaves_the_old_one_at_work_and_the_next_save_is_tried() -> None:
    code, told = watched([FINE, BROKEN, FINE], [1, 2, 3])
    assert code == 0
    goes_on = "the bot that runs goes on as it was; mend it and save again"
    assert told == ["go 1", "stop 2", goes_on, "stop 1", "go 3", "the new code runs", "stop 3"]


def test_a_bot_that_cannot_start_at_all_ends_with_its_code() -> None:
    assert watched([(False, 1)], [1, 1]) == (1, ["go 1"])


def test_one_that_ends_later_is_started_again_at_the_next_save() -> None:
    _, told = watched([FINE, (True, 1), FINE], [1, 2, 2, 2, 3])
    assert told.count("the bot has ended; it is started again at the next save") == 1
    assert told[-3:] == ["go 3", "the new code runs", "stop 3"]


def test_only_what_matters_is_watched(tmp_path: Path) -> None:
    for name in ("a.py", "locale/id.po", "seite.html", "__pycache__/a.py", "a.pyc", "data.db", "a.py~"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    before = stamp_files([tmp_path, tmp_path / "nothing.toml"])
    assert {path.relative_to(tmp_path).as_posix() for path in before} == {"a.py", "locale/id.po", "seite.html"}
    (tmp_path / "a.py").write_text("xy")
    assert stamp_files([tmp_path]) != before


def test_plugins_that_ship_and_the_settings_are_watched_too(tmp_path: Path) -> None:
    found = list_watched(Settings.model_validate({"plugins": {"plugin_dirs": [str(tmp_path)]}}), tmp_path / "x.toml")
    assert {tmp_path, tmp_path / "x.toml"} < set(found)
    assert any(place.name == "pendopo_izin" and (place / "locale" / "id.po").is_file() for place in found)


def note(url: str) -> str:
    return str(json.loads(get(url)[1])["plugins"]["sapa"]["note"])


@pytest.mark.parametrize(
    "fault", ["x = (\n", "x = nothing\n", 'plugin = Plugin("sapa", summary="Sapa")\nplugin.command("a")(kabar)\n']
)
def test_a_bot_runs_what_was_saved_and_keeps_running_what_could_be_loaded(
    plugin_dir: Path, place: Path, process: Pendopo, fault: str
) -> None:
    file = plugin_dir / "sapa.py"
    file.write_text(PLUGIN.format(note="satu"))
    with running(place, "run", "--reload") as (bot, line):
        assert bot.stdout is not None
        assert bot.stderr is not None
        readyz = line.split()[1].replace("/simulator", "/readyz")
        assert note(readyz) == "satu"
        file.write_text(PLUGIN.format(note="rusak") + fault)
        said = [bot.stderr.readline()]
        while "goes on as it was" not in said[-1]:
            said.append(bot.stderr.readline())
        assert any(str(file) in words and "sapa: " in words for words in said)
        assert note(readyz) == "satu"
        file.write_text(PLUGIN.format(note="dua"))
        assert bot.stdout.readline() == line  # at the same address, so that browsers find it
        assert note(readyz) == "dua"
        bot.send_signal(signal.SIGTERM)
        bot.communicate(timeout=30)
        assert bot.returncode == 0


def test_a_port_in_use_is_told_at_once(place: Path, process: Pendopo) -> None:
    with running(place) as (_, line):
        port = line.split(":")[-1].split("/")[0]
        said = process("run", "--reload", PENDOPO_WEB__PORT=port)
    assert said.code == 1
    assert f"port {port} is in use" in said.err
