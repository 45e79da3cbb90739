"""What a key says is what it was made of."""

import pytest
from pendopo.model import Chat
from pendopo.model.ids import LaneKey, format_lane_key, parse_lane_key


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize("chat", ["5", "-1005", "62811@c.us", "a:b", ""])
def test_a_lane_key_reads_back(chat: str, aside: bool) -> None:
    assert parse_lane_key(format_lane_key("telegram", chat, aside)) == LaneKey("telegram", chat, aside)


def test_the_key_of_a_chat_is_that_of_its_lane() -> None:
    assert Chat("waha", "7").key == format_lane_key("waha", "7") == "waha:7"
    assert format_lane_key("waha", "7", aside=True) == "waha:7#aside"
