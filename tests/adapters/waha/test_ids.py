"""Hidden numbers: resolved before they are stored where that can be, and nobody where not."""

import logging
from pathlib import Path

import structlog
from pendopo.adapters.contract import Incoming
from pendopo.model import Account, Chat, Message
from structlog.testing import capture_logs

from .bench import GROUP, RINA, RINA_LID, WahaBench, benched


def senders(bench: WahaBench, taken: list[Incoming]) -> list[tuple[str, ...]]:
    events = [event for item in taken for event in bench.adapter.convert(item)]
    return [event.account.aliases for event in events if isinstance(event, Message) and event.account]


async def test_the_phone_beside_the_hidden_number_is_believed(bench: WahaBench) -> None:
    await bench.sends_message(bench.group, "halo")
    await bench.wait_until_idle()
    assert senders(bench, bench.desk.taken) == [("whatsapp:6281200000001", "lid:382000000000001")]
    assert [name for name, _ in bench.waha.calls if "{lid}" in name] == []


async def test_a_hidden_number_nobody_knows_is_nobody_and_the_operator_is_told(bench: WahaBench) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    bench.people.tells = False
    with capture_logs() as logs:
        for _ in range(2):
            await bench.sends_message(bench.group, "halo")
            await bench.wait_until_idle()
            await bench.adapter.enrich_incoming(bench.desk.taken)
    assert senders(bench, bench.desk.taken) == [("lid:382000000000001",)] * 2
    assert [line["lid"] for line in logs if line.get("event_name") == "waha_nobody"] == [RINA_LID]
    assert "1 senders hide their numbers" in bench.adapter.health().note
    assert RINA_LID in bench.adapter.health().note
    assert bench.adapter.health().ok


async def test_what_is_completed_before_it_is_stored_has_both_names(bench: WahaBench) -> None:
    bench.people.tells = False
    bench.waha.lids[RINA_LID] = RINA
    await bench.sends_message(bench.group, "halo")
    await bench.wait_until_idle()
    completed = await bench.adapter.enrich_incoming(bench.desk.taken)
    assert senders(bench, list(completed)) == [("whatsapp:6281200000001", "lid:382000000000001")]
    assert completed[0].key == bench.desk.taken[0].key
    # And from then on it is known without asking.
    asked = len(bench.waha.calls)
    await bench.sends_message(bench.group, "lagi")
    await bench.wait_until_idle()
    assert senders(bench, bench.desk.taken[-1:]) == [("whatsapp:6281200000001", "lid:382000000000001")]
    assert [name for name, _ in bench.waha.calls[asked:] if "{lid}" in name] == []


async def test_by_websocket_hidden_numbers_are_looked_up_before_storing(tmp_path: Path) -> None:
    async with benched(tmp_path, "websocket") as bench:
        bench.people.tells = False
        bench.waha.lids[RINA_LID] = RINA
        await bench.sends_message(bench.group, "halo")
        await bench.wait_until_idle()
        assert senders(bench, bench.desk.taken) == [("whatsapp:6281200000001", "lid:382000000000001")]


async def test_a_look_up_that_fails_lets_the_message_in_as_nobodys(bench: WahaBench) -> None:
    bench.people.tells = False
    bench.waha.status = "STARTING"
    await bench.sends_message(bench.group, "halo")
    await bench.wait_until_idle()
    completed = await bench.adapter.enrich_incoming(bench.desk.taken)
    assert senders(bench, list(completed)) == [("lid:382000000000001",)]
    assert not bench.adapter.health().ok


async def test_a_private_chat_under_a_hidden_number_is_the_one_of_the_phone(bench: WahaBench) -> None:
    await bench.sends_message(bench.group, "halo")
    bench.people.says(RINA_LID, RINA_LID, "ini saya")
    await bench.wait_until_idle()
    assert [item.chat for item in bench.desk.taken] == [GROUP, RINA]
    assert senders(bench, bench.desk.taken)[1] == ("whatsapp:6281200000001", "lid:382000000000001")


def test_the_private_chat_of_an_account() -> None:
    from pendopo.adapters.waha import Waha

    from .bench import settings

    adapter = Waha(settings("http://waha:3000"))
    assert adapter.private_chat(Account(("lid:382", "whatsapp:62812"))) == Chat("waha", "62812@c.us")
    assert adapter.private_chat(Account(("lid:382",))) == Chat("waha", "382@lid")
    assert adapter.private_chat(Account(("telegram:1", "whatsapp:x@g.us"))) is None
