"""The buttons of a delivery, put away and found again."""

from functools import partial
from typing import Any

import msgspec
from pendopo.model import Chat, Choice, Phrase, Text
from pendopo.store import Connection, Database
from pendopo.store.queries import buttons
from pendopo.store.queries.buttons import ButtonRow, StoredButton
from pendopo.store.queries.deliveries import (
    Delivery,
    Outgoing,
    encode,
    list_choices,
    mark_edited,
    mark_unedited,
    post_delivery,
)

CHAT = Chat("memory", "forum")


async def read_button(database: Database, token: str) -> StoredButton:
    found = await buttons.find_button(database, token)
    assert found is not None
    return found


def row(token: str, group: str = "g") -> ButtonRow:
    return ButtonRow(token, encode(Phrase("tombol.ya")), "izin.putuskan", {"nomor": 5}, (3,), group, 100)


async def test_a_button_reads_back(migrated: Database) -> None:
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("a"), row("b")]))
    assert await buttons.find_button(migrated, "b") == buttons.StoredButton(
        "b", "d", 2, Phrase("tombol.ya"), "izin.putuskan", {"nomor": 5}, [3], "g", 100, 0, 0
    )
    assert await buttons.find_button(migrated, "b\0") is None


async def redraw(database: Database, edit: int, *fresh: ButtonRow) -> list[str]:
    """The tokens that a change shows."""

    def job(connection: Connection) -> list[ButtonRow]:
        kept = buttons.keep_tokens(connection, "d", fresh, 0)
        buttons.redraw_buttons(connection, "d", edit, fresh, kept)
        return kept

    return [b.token for b in await database.write(job)]


async def test_what_a_change_offers_again_keeps_its_token_and_group(migrated: Database) -> None:
    no = msgspec.structs.replace(row("no"), args={"nomor": 6})
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("yes"), no]))
    other = msgspec.structs.replace(row("other", "h"), route="izin.tanya")
    assert await redraw(migrated, 7, row("again", "h"), other) == ["yes", "other"]
    found = {b.token: b for b in await buttons.find_buttons_of(migrated, "d")}
    assert {token: b.group for token, b in found.items()} == {"yes": "g", "no": "g", "other": "g"}


async def test_another_target_argument_or_person_is_another_choice(migrated: Database) -> None:
    changes: list[dict[str, Any]] = [
        {"route": "izin.x"}, {"args": {"nomor": 6}}, {"allowed": (4,)}, {"group": ""}, {"shown": False}
    ]  # fmt: skip
    for at, changed in enumerate(changes):
        await migrated.write(partial(buttons.add_buttons, delivery="d", buttons=[row(f"old{at}")]))
        fresh = msgspec.structs.replace(row(f"new{at}"), **changed)
        assert await redraw(migrated, at + 1, fresh) == [f"new{at}"], changed


async def test_what_a_change_drops_counts_until_the_change_was_made_and_some_minutes_longer(migrated: Database) -> None:
    def post(connection: Connection) -> list[Delivery]:
        card = Outgoing(key="card", chat=CHAT, content=Text(), buttons=[row("old")])
        edit = Outgoing(key="edit", chat=CHAT, content=Text(), kind="edit", target="card")
        return [post_delivery(connection, outgoing, 0, 1) for outgoing in (card, edit)]

    _, edit = await migrated.write(post)
    old = await read_button(migrated, "old")
    assert old.on_screen
    assert not old.is_over(90)
    await migrated.write(lambda c: mark_edited(c, edit, "n1", "buttons", 50))
    old = await read_button(migrated, "old")
    assert not old.on_screen
    old = msgspec.structs.replace(old, expires_at=10 * buttons.GRACE_MS)
    assert not old.is_over(49 + buttons.GRACE_MS)
    assert old.is_over(50 + buttons.GRACE_MS)


async def test_a_change_that_was_not_made_drops_nothing_and_what_it_brought_is_void(migrated: Database) -> None:
    new = msgspec.structs.replace(row("new"), args={"nomor": 6})
    _card, *edits = await migrated.write(
        lambda c: [
            post_delivery(c, Outgoing(key="card", chat=CHAT, content=Text(), buttons=[row("old")]), 0, 1),
            post_delivery(c, Outgoing(key="e1", chat=CHAT, content=Text(), kind="edit", target="card", buttons=[new]), 0, 1),
            post_delivery(c, Outgoing(key="e2", chat=CHAT, content=Text(), kind="edit", target="card"), 0, 1),
        ]
    )
    await migrated.write(lambda c: mark_unedited(c, edits[0], 50))
    assert (await read_button(migrated, "old")).on_screen
    await migrated.write(lambda c: mark_unedited(c, edits[1], 60))
    assert (await read_button(migrated, "old")).on_screen
    assert (await read_button(migrated, "new")).expires_at == 1


async def test_the_numbers_are_those_that_the_message_shows(migrated: Database) -> None:
    no = msgspec.structs.replace(row("no"), args={"nomor": 6})
    shown = Text(buttons=(Choice("fresh", Phrase("tombol.ya")),))
    fresh = msgspec.structs.replace(no, token="fresh")
    edit = Outgoing(key="e", chat=CHAT, content=shown, kind="edit", target="card", buttons=[fresh])
    await migrated.write(
        lambda c: post_delivery(c, Outgoing(key="card", chat=CHAT, content=Text(), buttons=[row("yes"), no]), 0, 1)
    )
    posted = await migrated.write(lambda c: post_delivery(c, edit, 0, 1))
    assert [b.token for b in list_choices(posted.content)] == ["no"]
    assert (await read_button(migrated, "no")).ordinal == 2
    await migrated.write(lambda c: mark_edited(c, posted, "n1", "numbers", 50))
    assert (await read_button(migrated, "no")).ordinal == 1


async def test_a_group_is_used_up_once(migrated: Database) -> None:
    await migrated.write(lambda c: buttons.add_buttons(c, "d", [row("a"), row("b"), row("other", "h")]))
    assert await migrated.write(lambda c: buttons.use_up_buttons(c, "g", 3, 50))
    assert not await migrated.write(lambda c: buttons.use_up_buttons(c, "g", 4, 60))
    assert [(b.used_at, b.used_by) for b in await buttons.find_buttons_of(migrated, "d")] == [(50, 3), (50, 3), (0, 0)]
