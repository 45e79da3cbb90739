"""`pendopo chat`, with lines through a pipe: the transcript is what a person at the keyboard sees."""

from pathlib import Path

from pendopo.cli.commands.chat import add_console_accounts
from pendopo.directory.file import DirectoryFile, ForumEntry, PersonEntry

from tests.cli.conftest import Pendopo


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
