"""Files: from the gateway and from nowhere else."""

import pytest
from pendopo.adapters.waha.media import get_file_path
from pendopo.errors import PermanentSendError
from pendopo.model import Attachment, Message
from pendopo.testing.conformance import PNG

from .bench import WahaBench


async def fetched(bench: WahaBench, file: Attachment) -> bytes:
    return b"".join([piece async for piece in bench.adapter.download(file)])


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/api/files/kota/a.jpeg",
        "https://waha.example.go.id/gerbang/api/files/kota/a.jpeg",
        "http://169.254.169.254/api/files/kota/a.jpeg",
    ],
)
def test_only_the_path_counts(url: str) -> None:
    assert get_file_path(url) == "/api/files/kota/a.jpeg"


@pytest.mark.parametrize("name", ["true_6281@c.us_3EB0.jpeg", "true_6281%40c.us_3EB0.oga", "kota/AAA-b_c.d.pdf"])
def test_the_names_that_the_gateway_gives_are_asked_for(name: str) -> None:
    assert get_file_path(f"http://localhost:3000/api/files/{name}") == f"/api/files/{name.replace('%40', '@')}"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://bucket.s3.amazonaws.com/a.jpeg?X-Amz-Signature=x",
        "http://localhost:3000/api/files/../sessions",
        "http://localhost:3000/api/files/%2e%2e/sessions",
        "http://localhost:3000/api/files/..%5csessions",
        "file:///api/files/etc/passwd",
        "http://localhost:3000/api/files/%252e%252e/sessions",
        "http://localhost:3000/api/files/a/..;/sessions",
        "http://localhost:3000/api/files/a%00.jpeg",
        "http://localhost:3000/api/files/a%0d%0aX: 1",
        "http://localhost:3000/api/files/a b.jpeg",
        "http://localhost:3000/api/files/kota//a.jpeg",
        "http://localhost:3000/api/files/./a.jpeg",
        "http://localhost:3000/api/files/",
        "http://localhost:3000/api/files/a.jpeg?x-api-key=1",
        "http://localhost:3000/api/files/a;b.jpeg",
        "http://localhost:3000/api/filesa",
        "http://[::1/api/files/a",
        "",
        "api/files/a",
    ],
)
def test_what_is_not_a_file_of_the_gateway_is_not_asked_for(url: str) -> None:
    with pytest.raises(PermanentSendError):
        get_file_path(url)


async def test_a_redirect_is_not_followed(bench: WahaBench) -> None:
    await bench.sends_message(bench.group, "foto", files=[PNG])
    await bench.wait_until_idle()
    bench.waha.redirects = True
    with pytest.raises(PermanentSendError):
        await fetched(bench, bench.desk.last_event(Message).attachments[0])


async def test_a_file_that_is_gone_is_asked_for_again_by_its_message(bench: WahaBench) -> None:
    await bench.sends_message(bench.group, "foto", files=[PNG])
    await bench.wait_until_idle()
    bench.waha.deleted |= set(bench.waha.files)
    assert await fetched(bench, bench.desk.last_event(Message).attachments[0]) == PNG


async def test_a_file_the_gateway_had_not_fetched_is_fetched_when_it_is_wanted(bench: WahaBench) -> None:
    await bench.sends_message(bench.group, "foto", files=[PNG])
    body, effect = bench.waha.owed[-1]
    start, end = body.index(b'"media": {'), body.index(b', "ack"')
    bench.waha.owed[-1] = (body[:start] + b'"media": null' + body[end:], effect)
    await bench.wait_until_idle()
    assert await fetched(bench, bench.desk.last_event(Message).attachments[0]) == PNG


async def test_a_file_that_nobody_has_any_more_is_refused(bench: WahaBench) -> None:
    await bench.sends_message(bench.group, "foto", files=[PNG])
    await bench.wait_until_idle()
    bench.waha.files.clear()
    with pytest.raises(PermanentSendError):
        await fetched(bench, bench.desk.last_event(Message).attachments[0])
