"""Messages of the engine's own that offer choices: how they are made, and closed once one of them is made."""

from collections.abc import Mapping, Sequence
from typing import Any

from pendopo.errors import StaleError
from pendopo.model import Choice, Phrase, Text
from pendopo.model.ids import new_key
from pendopo.plugin import Context
from pendopo.plugin.context import effects_of
from pendopo.store import Connection
from pendopo.store.queries.buttons import ButtonRow, StoredButton, use_up_buttons
from pendopo.store.queries.deliveries import Outgoing
from pendopo.store.queries.deliveries import encode as to_json


def make_offer(
    said: Sequence[Phrase],
    choices: Sequence[tuple[Phrase, str, Mapping[str, Any]]],
    expires_at: int,
    *,
    group: str = "",
    allowed: Sequence[int] = (),
) -> tuple[Text, list[ButtonRow]]:
    """Makes a text and what its buttons lead to, each choice a label, a route and its arguments.

    `expires_at` is in milliseconds since 1970. The choices of one `group` are used up together; `allowed` are ids of persons,
    none for everybody.
    """
    rows = [
        ButtonRow(new_key(), to_json(label), route, dict(args), allowed, group, expires_at) for label, route, args in choices
    ]
    return Text(
        tuple(said), buttons=tuple(Choice(row.token, choice[0]) for row, choice in zip(rows, choices, strict=True))
    ), rows


def close_offer(ctx: Context, press: StoredButton, said: Phrase, now_ms: int) -> None:
    """Uses up all choices of the pressed message, which then only says what came of it."""
    person = ctx.sender.id if ctx.sender else 0
    effects_of(ctx).unit.later.append(lambda connection: mark_used(connection, press.token, press.group, person, now_ms))
    effects_of(ctx).outgoing.append(
        Outgoing(key=new_key(), chat=ctx.chat, content=Text((said,)), kind="edit", target=press.delivery)
    )


def mark_used(connection: Connection, token: str, group: str, person: int, now_ms: int) -> None:
    """Marks a choice as used, and all others of its message. Raises `StaleError` when one was used before."""
    if group and not use_up_buttons(connection, group, person, now_ms):
        raise StaleError(f"the choice {token} was already made")
