"""What Meta charges for is counted once for each message."""

from datetime import timedelta

import pytest
from pendopo.errors import TemporarySendError, WindowClosedError
from pendopo.model import Chat, ChatKind, DeliveryReport, Location, Photo

from .conftest import CHAT, Lab, words
from .graph import error
from .people import BUDI, GROUP

SERVICE = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
FREE = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}


async def test_each_message_is_counted_once_by_its_category(lab: Lab) -> None:
    for number, pricing in enumerate([SERVICE, FREE, {**SERVICE, "category": "utility"}, SERVICE]):
        await lab.say("halo", f"k{number}")
        for state in ("sent", "read", "delivered", "delivered"):
            lab.take(lab.graph.status(lab.last, state, pricing=pricing))
    assert lab.adapter.billing.billable == {"service": 2, "utility": 1}
    assert lab.adapter.billing.free == {"service": 1}


async def test_what_failed_or_has_no_price_costs_nothing(lab: Lab) -> None:
    await lab.say("halo")
    lab.take(lab.graph.status(lab.last, "failed", code=131026, pricing=SERVICE))
    lab.take(lab.graph.status(lab.last, "sent"))
    assert not lab.adapter.billing.billable


async def test_in_a_group_each_member_is_charged_for(lab: Lab) -> None:
    await lab.say("halo")
    for user in ("ID.1", "ID.2"):
        lab.take(lab.graph.status(lab.last, "delivered", pricing=SERVICE, recipient_participant_user_id=user))
    assert lab.adapter.billing.billable == {"service": 2}


# -- Free text is sent within 24 hours of the last word of a person; after that a template, or it is said that it cannot be.

DAY = timedelta(hours=24)


def later(lab: Lab, delta: timedelta) -> None:
    lab.clock.move_to(lab.clock.now() + delta)


async def test_the_window_is_open_for_a_day_after_each_message(lab: Lab) -> None:
    lab.take(lab.people.says(BUDI, "halo"))
    later(lab, DAY - timedelta(seconds=1))
    await lab.say("dalam waktu")
    lab.take(lab.people.says(BUDI, "halo lagi"))
    later(lab, timedelta(hours=23))
    await lab.say("masih", "k2")
    later(lab, timedelta(hours=2))
    with pytest.raises(WindowClosedError):
        await lab.say("terlambat", "k3")
    assert [sent.words for sent in lab.graph.messages] == ["dalam waktu", "masih"]


async def test_a_closed_window_is_known_without_asking(lab: Lab) -> None:
    later(lab, DAY)
    with pytest.raises(WindowClosedError):
        await lab.say("terlambat")
    assert lab.graph.calls == []


async def test_who_never_wrote_cannot_be_written_to(lab: Lab) -> None:
    with pytest.raises(WindowClosedError):
        await lab.say("halo", chat=Chat("whatsapp_cloud", "6281299999999"))


async def test_the_host_remembers_over_a_restart(lab: Lab) -> None:
    await lab.make().send(CHAT, words("halo"), "k1")
    later(lab, DAY)
    with pytest.raises(WindowClosedError):
        await lab.make().send(CHAT, words("halo"), "k2")


async def test_a_message_that_was_brought_a_week_late_opens_nothing(lab: Lab) -> None:
    value = lab.people.says(BUDI, "halo")
    later(lab, timedelta(days=6))
    lab.take(value)
    with pytest.raises(WindowClosedError):
        await lab.say("halo")


async def test_a_message_that_was_brought_late_does_not_hide_what_the_host_remembers(lab: Lab) -> None:
    value = lab.people.says(BUDI, "halo")
    later(lab, timedelta(days=6))
    lab.lender.heard[BUDI.phone] = lab.clock.now()
    lab.take(value)
    await lab.say("halo")


async def test_messages_in_no_order_leave_it_open_for_the_newest(lab: Lab) -> None:
    old = lab.people.says(BUDI, "lama")
    later(lab, timedelta(hours=20))
    lab.take(lab.people.says(BUDI, "baru"), old)
    later(lab, timedelta(hours=20))
    await lab.say("masih")


async def test_the_platform_knows_better(lab: Lab) -> None:
    lab.graph.closed.add(BUDI.phone)
    with pytest.raises(WindowClosedError):
        await lab.say("halo")
    calls = len(lab.graph.calls)
    with pytest.raises(WindowClosedError):
        await lab.say("halo")
    assert len(lab.graph.calls) == calls
    later(lab, timedelta(seconds=1))
    lab.take(lab.people.says(BUDI, "halo"))
    await lab.say("halo")


async def test_a_failure_that_is_told_later_is_a_report_and_closes_the_window(lab: Lab) -> None:
    lab.graph.closed.add(BUDI.phone)
    lab.graph.late = True
    wamid = await lab.say("halo")
    [report] = lab.events(*lab.graph.owed)
    assert isinstance(report, DeliveryReport)
    assert (report.message, report.status, report.failure) == (wamid, "failed", "window")
    assert report.error.startswith("131047 Re-engagement message: ")
    with pytest.raises(WindowClosedError):
        await lab.say("halo")


async def test_other_failures_have_a_reason_and_no_window(lab: Lab) -> None:
    await lab.say("halo")
    [report] = lab.events(lab.graph.status(lab.last, "failed", code=131026))
    [silent] = lab.events(lab.graph.status(lab.last, "failed"))
    assert isinstance(report, DeliveryReport)
    assert isinstance(silent, DeliveryReport)
    assert (report.failure, report.error.split(":")[0]) == ("closed", "131026 Message undeliverable")
    assert silent.error


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "played"])
async def test_a_report_of_what_arrived_has_no_error(lab: Lab, state: str) -> None:
    await lab.say("halo")
    [report] = lab.events(lab.graph.status(lab.last, state))
    assert isinstance(report, DeliveryReport)
    assert (report.status, report.error) == ("read" if state == "played" else state, "")


async def test_a_report_need_not_say_whose_it_is(lab: Lab) -> None:
    wamid = await lab.say("halo")
    value = lab.graph.status(lab.last, "failed", code=131047)
    del value["statuses"][0]["recipient_id"]
    [report] = lab.events(value)
    assert isinstance(report, DeliveryReport)
    assert report.message == wamid


async def test_a_status_that_is_new_to_us_is_skipped(lab: Lab) -> None:
    await lab.say("halo")
    [incoming] = lab.take(lab.graph.status(lab.last, "warning"))
    assert lab.explain_skip(incoming)


async def test_the_template_speaks_when_the_window_is_closed(lab: Lab) -> None:
    adapter = lab.make(template="kabar")
    later(lab, DAY)
    native = await adapter.send(CHAT, words("Kadis PU meminta izin\n  besok    jam 9\n\n1. Setujui\n2. Tolak"), "k1")
    assert lab.last.wamid == native
    assert lab.last.body["biz_opaque_callback_data"] == "k1"
    assert lab.last.body["template"]["name"] == "kabar"
    assert lab.last.words == "Kadis PU meminta izin besok jam 9 1. Setujui 2. Tolak"
    await adapter.send(CHAT, words("x" * 4000 + "\n\n1. Setujui"), "k2")
    assert len(lab.last.words) <= 1024
    assert lab.last.words.endswith("x… 1. Setujui")
    with pytest.raises(WindowClosedError):
        await adapter.send(CHAT, Location(-6.9, 107.6), "k3")


async def test_the_template_speaks_also_when_the_platform_knows_better(lab: Lab) -> None:
    lab.graph.closed.add(BUDI.phone)
    await lab.make(template="kabar").send(CHAT, words("halo"), "k1")
    assert [sent.body["type"] for sent in lab.graph.messages] == ["template"]


async def test_under_a_template_choices_are_numbers_as_soon_as_the_window_is_known_to_be_closed(lab: Lab) -> None:
    adapter = lab.make(template="kabar")
    assert adapter.capabilities(CHAT).buttons == 3  # not yet known
    later(lab, DAY)
    with pytest.raises(TemporarySendError) as raised:
        await adapter.send(CHAT, words("Setuju?", "Ya"), "k1")
    assert raised.value.after == 0
    assert (adapter.capabilities(CHAT).buttons, adapter.capabilities(CHAT).rows) == (0, 0)
    assert lab.graph.messages == []
    assert lab.adapter.capabilities(CHAT).buttons == 3  # without a template nothing is said at all until it is open again


async def test_a_template_that_is_not_taken_leaves_the_window_closed_and_the_message_whole(lab: Lab) -> None:
    adapter = lab.make(template="kabar")
    later(lab, DAY)
    for code in (132001, 132015, 131049):
        lab.graph.faults.append(error(code))
        with pytest.raises(WindowClosedError) as raised:
            await adapter.send(CHAT, words("halo"), "k1")
        assert str(code) in str(raised.value)


async def test_a_file_is_not_lost_under_a_template(lab: Lab) -> None:
    later(lab, DAY)
    with pytest.raises(WindowClosedError):
        await lab.make(template="kabar").send(CHAT, Photo(lab.lender.keep(b"x"), words("Lubang")), "k1")


async def test_any_member_opens_the_window_of_a_group(lab: Lab) -> None:
    group = Chat("whatsapp_cloud", GROUP, ChatKind.GROUP)
    with pytest.raises(WindowClosedError):
        await lab.say("halo", chat=group)
    later(lab, timedelta(seconds=1))
    lab.take(lab.people.says(BUDI, "halo", group_id=GROUP))
    await lab.say("halo", chat=group)


async def test_a_system_message_is_nobodys_word(lab: Lab) -> None:
    later(lab, DAY)
    lab.take(lab.people.value(BUDI, "system", {"type": "customer_identity_changed"}))
    with pytest.raises(WindowClosedError):
        await lab.say("halo")
