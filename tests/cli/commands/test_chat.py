"""`pendopo chat`, with lines through a pipe: the transcript is what a person at the keyboard sees."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from pendopo.cli.commands.chat import add_console_accounts
from pendopo.directory.file import DirectoryFile, ForumEntry, PersonEntry

from tests.cli.conftest import SOURCES, Pendopo


def test_it_leaves_nothing_behind(place: Path, process: Pendopo) -> None:
    process("chat", typed="/bantuan\n:quit\n")
    assert list(place.iterdir()) == []


def test_with_a_database_the_conversation_goes_on_later(place: Path, process: Pendopo) -> None:
    first = process("chat", "--database", "mine.db", typed=":group\n/izin rapat 30 Desember 2030 jam 9\n")
    again = process("chat", "--database", "mine.db", typed=":group\n1\n:private\n/izin saya\n")
    assert "1. Kirim" in first.out
    assert "Pendopo in Forum Pimpinan, changed:" in again.out
    assert "Izin Anda:\n  #1" in again.out


def test_nobody_of_that_name_is_a_problem(process: Pendopo) -> None:
    said = process("chat", "--as", "rani")
    assert said.code == 1
    assert said.err.startswith("pendopo: nobody is called 'rani'; did you mean 'rina'?")


def test_a_broken_plugin_is_named_and_the_others_work(plugin_dir: Path, process: Pendopo) -> None:
    (plugin_dir / "rusak.py").write_text("1/0")
    said = process("chat", typed="/bantuan\n")
    assert "· The plugin rusak is left out: ZeroDivisionError: division by zero" in said.out
    assert "/izin" in said.out


def test_a_directory_of_another_messenger_gets_consoles_for_everybody() -> None:
    file = DirectoryFile(
        person=[
            PersonEntry("Rina Hidayat", accounts=["telegram:1"]),
            PersonEntry("Rina Marlina"),
            PersonEntry("Rina Marlina", nip="2"),
            PersonEntry("Ani", accounts=["console:a"]),
        ],
        forum=[ForumEntry("Forum Pimpinan", chats=["telegram:-1"])],
    )
    reached = add_console_accounts(file)
    assert [person.accounts[-1] for person in reached.person] == [
        "console:rina",
        "console:rina-marlina",
        "console:rina-2",
        "console:a",
    ]
    assert reached.forum[0].chats == ["telegram:-1", "console:forum-pimpinan"]


ROOT = Path(__file__).parents[3]
STORY = """\
:group
/izin rapat 30 Desember 2030 jam 9
1
:as sekda
1
:as rina
"""


def test_a_whole_conversation_as_it_looks(process: Pendopo) -> None:
    said = process("chat", "--as", "rina", typed=STORY)
    assert said.code == 0, said.err
    assert said.err == ""
    text = said.out
    assert text.startswith("· You are Rina Hidayat (Kadis PU).")
    asked, sent, decided = text.index("Pendopo in Forum Pimpinan:"), text.index("Pendopo to Bambang Suryana:"), text.index("✅")
    assert asked < sent < decided
    assert "  1. Kirim\n  2. Batal\n" in text
    assert "Rina Hidayat in Forum Pimpinan › 1\n" in text
    assert "Pendopo in Forum Pimpinan, changed:" in text
    assert "Pendopo to Rina Hidayat:\n  ✅ Izin #1 Anda disetujui Sekda." in text


def test_lines_for_the_terminal(place: Path, process: Pendopo) -> None:
    typed = (
        ":help\n:as\n:as nobody\n:as an\n:group nowhere\n:what\n:photo missing.jpg\n:as siti\n:reply halo\n:quit\n/bantuan\n"
    )
    said = process("chat", "--as", "Wali Kota", typed=typed)
    assert said.code == 0
    assert "· You are Dewi Anggraeni (Wali Kota)." in said.out
    assert "· :photo PATH [TEXT]  send a picture" in said.out
    assert "· rina        Rina Hidayat (Kadis PU)" in said.out
    assert "· nobody is called 'nobody' (" in said.out
    assert "· more than one person is called 'an'; say which" in said.out
    assert "· Dewi Anggraeni is in no group nowhere (groups: Forum Pimpinan)" in said.out
    assert "· There is no :what." in said.out
    assert "· there is no file missing.jpg" in said.out
    assert "Siti Nurhaliza Putri › :quit" in said.out
    assert "/bantuan\n" not in said.out.split(":quit")[1], "what comes after the end is not read"


def test_a_last_line_without_an_end_counts(process: Pendopo) -> None:
    assert "/izin" in process("chat", typed="/bantuan").out
    assert process("chat", typed="").code == 0


def test_at_a_terminal_it_shows_who_would_speak(place: Path) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, b":group\n:private\n:quit\n")
    command = [sys.executable, "-m", "pendopo", "chat", "--as", "camat-coblong"]
    environ = dict(os.environ, PYTHONPATH=SOURCES)
    ran = subprocess.run(command, cwd=place, env=environ, stdin=theirs, capture_output=True, text=True, check=True)
    assert os.get_blocking(theirs), "the terminal is the shell's as well"
    os.close(ours)
    os.close(theirs)
    assert ran.stdout.splitlines()[1] == "Hendra Gunawan › Hendra Gunawan in Forum Pimpinan › Hendra Gunawan › "


def test_machines_read_lines_of_json(process: Pendopo) -> None:
    said = process("chat", "--json", typed="/bantuan\n")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert "note" in lines[0]
    assert lines[1]["chat"] == "console:rina"
    assert "/izin" in lines[1]["text"]
