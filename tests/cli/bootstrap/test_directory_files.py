"""The directory a bot begins with: the demo's, or what was imported."""

from pathlib import Path

import pytest
from pendopo.cli.bootstrap import directory_files
from pendopo.cli.bootstrap.composition import compose_bot

from tests.cli.conftest import Pendopo, make_settings


async def test_a_directory_that_was_imported_is_not_replaced_by_the_demo(place: Path, pendopo: Pendopo) -> None:
    (place / "one.toml").write_text('[[person]]\nname = "Ani"\naccounts = ["simulator:ani"]')
    bot = await compose_bot(make_settings(directory={"file": "one.toml"}))
    await bot.app.start()
    await bot.app.stop()
    bot = await compose_bot(make_settings())
    await bot.app.start()
    assert bot.simulator is not None
    assert [person.name for person in bot.simulator.people] == ["Ani"]
    assert [person.name for person in bot.app.core.people.persons.values()] == ["Ani"]
    await bot.app.stop()


async def test_members_of_a_group_are_those_with_its_roles(place: Path) -> None:
    (place / "two.toml").write_text(
        """
        post = [{ code = "a", title = "A", roles = ["lurah"] }, { code = "b", title = "B", roles = ["staf"] }]
        person = [
          { name = "Ani", posts = ["a"], accounts = ["simulator:ani"] },
          { name = "Budi", posts = ["b"], accounts = ["simulator:budi"] },
        ]
        forum = [{ name = "Lurah", chats = ["simulator:lurah"], members = ["lurah"] }]
        """
    )
    bot = await compose_bot(make_settings(directory={"file": "two.toml"}))
    assert bot.simulator is not None
    assert list(bot.simulator.chats_of("ani")) == ["lurah", "ani"]
    assert list(bot.simulator.chats_of("budi")) == ["budi"]
    await bot.app.database.close()


def test_the_demo_that_ships_is_the_one_in_the_source_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    source = directory_files.demo_file()
    monkeypatch.setattr(directory_files, "_IN_SOURCE", Path("nowhere"))
    assert source != directory_files.demo_file()
    assert source.read_bytes() == directory_files.demo_file().read_bytes()
