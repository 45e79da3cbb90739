"""Files of people: fetched in two steps, within five minutes, from Meta's hosts only."""

import base64
import hashlib
from datetime import timedelta

import pytest
from pendopo.errors import PermanentSendError, SendError, TemporarySendError
from pendopo.model import Attachment

from .conftest import Lab
from .graph import TOKEN, error
from .wire import Answer, Request, Wire

DATA = bytes(range(256)) * 1000


async def fetched(lab: Lab, ref: str) -> bytes:
    return b"".join([piece async for piece in lab.adapter.download(Attachment("photo", ref))])


async def test_a_file_is_fetched_in_two_steps_with_the_token(lab: Lab) -> None:
    ref = lab.graph.put(DATA)
    assert await fetched(lab, ref) == DATA
    assert [call.path.split("/")[-2] for call in lab.graph.calls] == ["v23.0", "attachments"]
    assert {call.headers["authorization"] for call in lab.graph.calls} == {f"Bearer {TOKEN}"}


async def test_an_address_that_expired_meanwhile_is_asked_for_again_once(lab: Lab) -> None:
    ref = lab.graph.put(DATA)
    old = int((lab.clock.now() - timedelta(seconds=1)).timestamp())
    whole = lab.graph.media[ref]
    lab.graph.media[ref] = whole._replace(url=f"{lab.graph.origin}/attachments/{ref}?ext={old}")
    with pytest.raises(PermanentSendError, match="404"):
        await fetched(lab, ref)
    assert len(lab.graph.calls) == 4
    answer = lab.graph._media(ref, Request("GET", "", {}, {}, b""))
    lab.graph.media[ref] = whole
    lab.graph.faults.append(answer)
    assert await fetched(lab, ref) == DATA


@pytest.mark.parametrize("digest", ["hex", "base64", ""])
async def test_a_hash_is_checked_however_it_is_written(lab: Lab, digest: str) -> None:
    sha256 = hashlib.sha256(DATA)
    written = {"hex": sha256.hexdigest(), "base64": base64.b64encode(sha256.digest()).decode(), "": ""}[digest]
    assert await fetched(lab, lab.graph.put(DATA, sha256=written)) == DATA
    for wrong in (hashlib.sha256(b"x").hexdigest(), base64.b64encode(b"x" * 32).decode(), "!"):
        with pytest.raises(TemporarySendError, match="not what WhatsApp says"):
            await fetched(lab, lab.graph.put(DATA, sha256=wrong))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evilfbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://user@lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ],
)
async def test_the_token_is_shown_to_no_other_host(lab: Lab, url: str) -> None:
    with pytest.raises(PermanentSendError):
        await fetched(lab, lab.graph.put(DATA, url=url or "x"))
    assert len(lab.graph.calls) == 1


async def test_no_redirect_is_followed(lab: Lab) -> None:
    seen: list[Request] = []

    async def elsewhere(request: Request) -> Answer:
        seen.append(request)
        return Answer(200, DATA)

    other = Wire(elsewhere)
    await other.start()
    ref = lab.graph.put(DATA)
    lab.graph.moved[ref] = f"{other.origin}/x"
    with pytest.raises(PermanentSendError, match="no redirect"):
        await fetched(lab, ref)
    assert seen == []
    await other.stop()


@pytest.mark.parametrize("ref", ["../messages", "1/../2", "", "a b", "1?x=1", "x" * 200])
async def test_a_reference_is_an_id_and_no_path(lab: Lab, ref: str) -> None:
    with pytest.raises(PermanentSendError):
        await fetched(lab, ref)
    assert lab.graph.calls == []


async def test_more_than_whatsapp_allows_is_not_read(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from pendopo.adapters.whatsapp_cloud import api

    monkeypatch.setattr(api, "MOST_FILE", 1000)
    with pytest.raises(PermanentSendError, match="larger"):
        await fetched(lab, lab.graph.put(DATA))


async def test_what_is_gone_and_what_fails(lab: Lab) -> None:
    with pytest.raises(SendError):
        await fetched(lab, "123")
    lab.graph.faults.append(error(131000, 500))
    with pytest.raises(TemporarySendError):
        await fetched(lab, lab.graph.put(DATA))
    lab.graph.faults.append(Answer(0, lost=True))
    with pytest.raises(TemporarySendError):
        await fetched(lab, lab.graph.put(DATA))


async def test_a_refused_file_does_not_make_the_account_look_ill(lab: Lab) -> None:
    ref = lab.graph.put(DATA)
    lab.graph.media[ref] = lab.graph.media[ref]._replace(url=f"{lab.graph.origin}/attachments/{ref}?ext=0")
    with pytest.raises(PermanentSendError):
        await fetched(lab, ref)
    assert lab.adapter.health().ok
