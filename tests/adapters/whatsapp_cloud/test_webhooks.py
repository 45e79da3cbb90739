"""Every example in Meta's own description is converted, or skipped for a reason."""

from pathlib import Path

import pytest
from pendopo.model import ButtonPress, ChatMigrated, MemberChanged, Message, Reaction

from .conftest import Lab
from .people import headers

FOLDER = Path(__file__).parent / "webhooks"
EXPECTED = {
    "button_message": [ButtonPress],
    "contact_sharing_message": [Message],
    "group_create_message": [MemberChanged] * 3,
    "group_remove_participants": [MemberChanged] * 2,
    "group_settings_update": "group_settings_update changes nobody's membership",
    "image_message": [Message],
    "interactive_button_reply_message": [ButtonPress],
    "interactive_list_reply_message": [ButtonPress],
    "location_message": [Message],
    "order_message": [Message],
    "reaction_message": [Reaction],
    "system_message": [ChatMigrated],
    "text_message": [Message],
    "text_message_from_click_to_whatsapp_ad": [Message],
    "text_message_with_context_product_inquiry": [Message],
    "unsupported_message": [Message],
}


def test_every_example_of_meta_has_an_expectation() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
async def test_an_example_is_converted_or_skipped_with_a_reason(lab: Lab, name: str) -> None:
    body = (FOLDER / f"{name}.json").read_bytes()
    [incoming] = lab.adapter.receive(body, headers(body))
    events = lab.adapter.convert(incoming)
    expected = EXPECTED[name]
    if isinstance(expected, str):
        assert (events, lab.explain_skip(incoming)) == ([], expected)
    else:
        assert [type(event) for event in events] == expected
        assert lab.explain_skip(incoming) == ""
        assert len({event.key for event in events}) == len(events)
