"""From what is said to the gateway's calls."""

from pathlib import Path

import pytest
from pendopo.adapters.waha import Waha
from pendopo.errors import PermanentSendError
from pendopo.model import Album, Message, Photo, Poll, Text
from pendopo.testing.conformance import PNG, make_text, run_adapter

from .bench import GROUP, RINA, WahaBench, benched, settings


async def test_choices_are_never_left_out(bench: WahaBench) -> None:
    await bench.adapter.send(bench.group, make_text("Setuju?", "Ya", "Tidak"), "k1")
    assert bench.screen(bench.group)[-1].text == "Setuju?\n\n1. Ya\n2. Tidak"
    for content in (Album(()), Poll(make_text("?"), ()), Text()):
        with pytest.raises(PermanentSendError):
            await bench.adapter.send(bench.group, content, "k2")


async def test_a_long_question_is_said_before_its_poll(tmp_path: Path) -> None:
    async with benched(tmp_path, choices="polls") as bench:
        long = make_text("Rapat\n" * 100 + "Setuju?", "Ya", "Tidak")
        await bench.adapter.send(bench.group, long, "k1")
        said, poll = bench.screen(bench.group)
        assert said.text == long.plain
        assert (poll.text, poll.buttons) == ("Setuju?", ["Ya", "Tidak"])
        await bench.adapter.send(bench.group, Photo(bench.desk.store_blob(PNG), make_text("Benar?", "Ya")), "k2")
        assert [(bool(shown.files), list(shown.buttons)) for shown in bench.screen(bench.group)[2:]] == [
            (True, []),
            (False, ["Ya"]),
        ]


async def test_a_vote_in_a_poll_of_before_a_restart_is_its_number_quoting_the_poll(tmp_path: Path) -> None:
    async with benched(tmp_path, choices="polls") as bench:
        native = await bench.adapter.send(bench.group, make_text("Setuju?", "Ya", "Tidak"), "k1")
        restarted = Waha(settings(bench.waha.url), "polls")
        bench.desk.connect_adapter(restarted)
        async with run_adapter(restarted):
            bench.people.votes(RINA, GROUP, native, "Tidak")
            bench.people.votes(RINA, GROUP, native)  # withdrawn: what was chosen was chosen
            bench.people.votes(RINA, GROUP, native, "Ya", "Tidak")
            await bench.wait_until_idle()
            votes = [event for event in bench.desk.events if isinstance(event, Message)]
            assert [(vote.text, vote.reply_to) for vote in votes] == [("2", native)]
