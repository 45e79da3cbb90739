"""A chat is named by its messenger and id."""

from pendopo.model import Chat

from .samples import SHARED


def test_a_chat_is_named_by_messenger_and_id_and_topics_share_it() -> None:
    assert Chat("waha", "12@g.us", topic="3").key == Chat("waha", "12@g.us").key == "waha:12@g.us"
    assert Chat("a", "b").private
    assert not SHARED["chat"].private
