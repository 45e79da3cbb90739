"""The log remembers everything, and forgets a line that a crash has torn."""

from pathlib import Path

import pytest
from pendopo.errors import OperatorError

from .bench import RINA, make_photo, make_simulator, make_text


async def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "simulator.jsonl"
    sim = make_simulator(path=log)
    await sim.say("rina", "rina", "halo", [make_photo()])
    asked = await sim.send(RINA, make_text("Setuju?", "Ya", "Tidak"), "k1", reply_to="m1")
    await sim.press("rina", "rina", asked, "token-0")
    sim.switch("rina", "rina", "whatsapp")
    sim.see("rina", "rina")
    again = make_simulator(path=log)
    assert again.screen("rina", "rina") == sim.screen("rina", "rina")
    assert again.latest == sim.latest
    assert await again.send(RINA, make_text("Setuju?", "Ya", "Tidak"), "k1") == asked
    assert await again.send(RINA, make_text("lagi"), "k2") == "m3"


async def test_a_line_torn_by_a_crash_is_forgotten_and_the_log_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "simulator.jsonl"
    await make_simulator(path=log).send(RINA, make_text("satu"), "k1")
    with log.open("ab") as file:
        file.write(b'{"type":"posted","id":"m2","ch')
    sim = make_simulator(path=log)
    assert await sim.send(RINA, make_text("dua"), "k2") == "m2"
    words = [bubble.spans[0].text for bubble in make_simulator(path=log).screen("rina", "rina").bubbles]
    assert words == ["satu", "dua"]


@pytest.mark.parametrize("line", [b"{}", b'{"type": "posted", "id": "\xff"}'], ids=["nothing in it", "no text"])
def test_a_log_broken_in_the_middle_is_an_error_that_names_the_line(line: bytes, tmp_path: Path) -> None:
    log = tmp_path / "simulator.jsonl"
    log.write_bytes(line + b"\n{}\n")
    with pytest.raises(OperatorError, match="line 1"):
        make_simulator(path=log)
