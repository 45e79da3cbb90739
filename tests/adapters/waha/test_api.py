"""Every refusal of the gateway means one thing, and tells no key."""

import httpx
import pytest
from pendopo.adapters.contract import Adapter
from pendopo.adapters.waha import Waha
from pendopo.adapters.waha.api import Gateway
from pendopo.errors import ChatClosedError, PermanentSendError, SendError, TemporarySendError, UnknownOutcomeError
from pendopo.testing.conformance import make_text

from .bench import CHAT, WahaBench, settings
from .fake.server import KEY, SESSION


@pytest.mark.parametrize(
    ("how", "error", "whole"),
    [
        ("down", TemporarySendError, False),
        ("busy", TemporarySendError, True),
        ("starting", TemporarySendError, True),
        ("refused", PermanentSendError, None),
        ("closed", ChatClosedError, None),
    ],
)
async def test_each_refusal_of_the_gateway_is_named_by_its_class(
    bench: WahaBench, how: str, error: type[SendError], whole: bool | None
) -> None:
    bench.waha.broken.append(how)
    with pytest.raises(error) as raised:
        await bench.adapter.send(bench.group, make_text("satu"), "k1")
    assert getattr(raised.value, "whole_account", None) == whole
    assert "stack" not in str(raised.value)


@pytest.mark.parametrize(("key", "session", "note"), [("wrong-key", SESSION, "API key"), (KEY, "lain", "STOPPED")])
async def test_a_wrong_key_or_session_stops_the_account_and_is_told_without_the_key(
    bench: WahaBench, key: str, session: str, note: str
) -> None:
    adapter: Adapter = Waha(settings(bench.waha.url, api_key=key, session=session))
    with pytest.raises(TemporarySendError) as raised:
        await adapter.send(bench.group, make_text("satu"), "k1")
    assert raised.value.whole_account
    assert key not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert not adapter.health().ok
    assert note in adapter.health().note
    await adapter.close()


async def test_a_gateway_out_of_reach_is_tried_again(adapter: Waha) -> None:
    with pytest.raises(TemporarySendError) as raised:
        await adapter.send(CHAT, make_text("satu"), "k1")
    assert raised.value.whole_account
    assert "cannot be reached" in adapter.health().note


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        *((500, f"2 UNKNOWN: server returned error {code}", ChatClosedError) for code in (401, 403, 404, 463)),
        *((500, said, ChatClosedError) for said in ("forbidden", "not-authorized", "item-not-found")),
        *((500, f"2 UNKNOWN: server returned error {code}", PermanentSendError) for code in (400, 406, 479)),
        *((500, said, PermanentSendError) for said in ("not-acceptable", "bad-request")),
        *((500, said, TemporarySendError) for said in ("boom", "server returned error 500", "error 4631", "No sessions", "")),
        *((status, "The feature is available only in Plus version", PermanentSendError) for status in (400, 413, 415, 422)),
        *((status, "", UnknownOutcomeError) for status in (502, 504)),
        (503, "", TemporarySendError),
        (404, "Session kota not found", TemporarySendError),
    ],
)
def test_each_refusal_means_one_thing_for_a_delivery(status: int, said: str, kind: type[SendError]) -> None:
    gateway = Gateway("http://127.0.0.1:9", "rahasia", SESSION, lambda *_: None, 1.0)
    response = httpx.Response(status, json={"statusCode": status, "exception": {"message": said}})
    assert type(gateway._make_error(response)) is kind
