"""Pendopo is measured as its peers are, and one that cannot be installed is left out with the reason."""

import json
import os
from pathlib import Path

import pytest

from .__main__ import main, table
from .cells import Bounds, Cell, measure
from .environment import Skipped, cache, python_for
from .peers import CHILDREN, PEERS, PENDOPO, Peer

NOBODY = Peer("Nobody", "on_ptb.py", ("pendopo-has-no-such-peer==1.2.3",))
ONCE = Bounds(rounds=1, updates=20, seconds=5.0)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def test_pendopo_is_measured_and_who_is_not_there_is_skipped_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tuple(peer for peer in PEERS if not peer.requirements)
    assert main(["--quick", "--rounds", "1", "--commands", "10", "--json"], (*ours, NOBODY), tmp_path) == 0
    told = capsys.readouterr()
    assert "Nobody 1.2.3" in told.err
    assert "skipped: No matching distribution found for pendopo-has-no-such-peer==1.2.3" in told.err
    figures = {each["what"]: each for each in json.loads(told.out)}
    assert figures["Pendopo, 10 commands"]["value"] > 0
    assert figures["Pendopo, dispatch alone, 10 commands ÷ Pendopo"]["unit"] == "×"
    assert figures["Nobody 1.2.3"]["skipped"]


def test_half_an_installation_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(Skipped, match="No matching distribution"):
            python_for(NOBODY, tmp_path)


def test_who_fails_says_why_and_the_others_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise RuntimeError('it wants another Python')\n")
    python = python_for(PENDOPO, tmp_path)
    monkeypatch.setattr(Peer, "script", property(lambda peer: broken if peer == NOBODY else CHILDREN / peer.program))
    cells = measure([(NOBODY, python), (PENDOPO, python)], 5, ONCE)
    assert [cell.reason for cell in cells] == ["RuntimeError: it wants another Python", ""]
    assert cells[1].updates == 20


def test_what_answers_too_late_is_given_up_and_the_table_says_for_how_long_it_was_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import sys\nsys.stdin.read()\n")
    monkeypatch.setattr(Peer, "script", slow)
    cells = measure([(NOBODY, python_for(PENDOPO, tmp_path))], 5, Bounds(patience=1.0))
    assert cells[0].reason == "> 1 s"
    assert "> 1 s" in table(cells, {}, [5])


def test_a_ratio_is_to_pendopo_at_the_same_number_of_commands() -> None:
    cells = [Cell(PENDOPO, 10, [100.0, 50.0, 400.0], 60), Cell(PEERS[2], 10, [250.0], 3)]
    shown = table(cells, {}, [10])
    assert "100 (1.0 ×)" in shown
    assert "250 (2.5 ×)" in shown
    assert "N=10: 3 updates only" in shown


def test_every_version_is_pinned_and_every_environment_is_another() -> None:
    needs = [need for peer in PEERS for need in peer.requirements]
    assert all("==" in need for need in needs)
    named = [peer.folder for peer in PEERS if peer.requirements]
    assert len(set(named)) == len(named)
    assert all(peer.script.is_file() for peer in PEERS)


def test_environments_stand_where_caches_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache() == tmp_path / "pendopo" / "peers"
