"""A message with choices of the engine's own: what its buttons lead to, and what becomes of it."""

import pytest
from pendopo.engine.inbound.offers import make_offer
from pendopo.model.ids import parse_lane_key
from pendopo.plugin import phrase
from pendopo.store.queries.buttons import find_buttons_of
from pendopo.testing import Story

LABELS = [phrase("umum.ya_kirim"), phrase("umum.batalkan")]


def test_each_button_of_the_text_leads_to_its_row() -> None:
    choices = [(label, f"umum.{at}", {"nomor": at}) for at, label in enumerate(LABELS)]
    text, rows = make_offer([phrase("umum.periksa")], choices, 7, group="sekali", allowed=[3])
    assert [choice.token for choice in text.buttons] == [row.token for row in rows]
    assert [choice.label for choice in text.buttons] == LABELS
    assert [(row.route, row.args, row.group, row.allowed, row.expires_at) for row in rows] == [
        ("umum.0", {"nomor": 0}, "sekali", [3], 7),
        ("umum.1", {"nomor": 1}, "sekali", [3], 7),
    ]


@pytest.mark.parametrize("press", ["Belum", "Setujui dengan catatan: sampai jam 12"])
async def test_once_a_choice_is_made_none_is_left(story: Story, press: str) -> None:
    await story.sekda.says("setuju, sampai jam 12", to=story.sekda.last)
    asked = await story.stored.list_deliveries(lane="memory:sekda")
    await story.sekda.presses(press)
    left = await find_buttons_of(story.app.core.database, asked[-1].key)
    assert parse_lane_key(asked[-1].lane).chat == "sekda"
    assert len(left) == 2
    assert all(button.used_at for button in left)
