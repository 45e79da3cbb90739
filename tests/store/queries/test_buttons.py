"""The buttons of a delivery, put away and found again."""

from pendopo.model import Phrase
from pendopo.store import Database
from pendopo.store.queries import buttons
from pendopo.store.queries.buttons import ButtonRow
from pendopo.store.queries.deliveries import encode


async def expiries(database: Database, delivery: str) -> list[int]:
    return [button.expires_at for button in await buttons.find_buttons_of(database, delivery)]


def row(token: str, group: str = "g") -> ButtonRow:
    return ButtonRow(token, encode(Phrase("tombol.ya")), "izin.putuskan", {"nomor": 5}, (3,), group, 100)


async def test_a_button_reads_back(migrated: Database) -> None:
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("a"), row("b")]))
    assert await buttons.find_button(migrated, "b") == buttons.StoredButton(
        "b", "d", 2, Phrase("tombol.ya"), "izin.putuskan", {"nomor": 5}, [3], "g", 100, 0, 0
    )
    assert await buttons.find_button(migrated, "b\0") is None


async def test_suspended_buttons_count_again_in_place_of_new_ones(migrated: Database) -> None:
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("old")]))
    await migrated.write(lambda c: buttons.suspend_buttons(c, "d"))
    assert await expiries(migrated, "d") == [-100]
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("new")]))
    await migrated.write(lambda c: buttons.restore_buttons(c, "d"))
    assert {b.token: b.expires_at for b in await buttons.find_buttons_of(migrated, "d")} == {"old": 100, "new": 1}


async def test_a_group_is_used_up_once(migrated: Database) -> None:
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("a"), row("b"), row("other", "h")]))
    assert await migrated.write(lambda c: buttons.use_up_buttons(c, "g", 3, 50))
    assert not await migrated.write(lambda c: buttons.use_up_buttons(c, "g", 4, 60))
    assert [(b.used_at, b.used_by) for b in await buttons.find_buttons_of(migrated, "d")] == [(50, 3), (50, 3), (0, 0)]
