"""What Meta charges for is counted once for each message."""

from .conftest import Lab

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
