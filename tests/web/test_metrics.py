"""What the bot has done and what waits, in Prometheus' words."""

import httpx
from pendopo.errors import PermanentSendError
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo_bantuan import plugin as bantuan
from prometheus_client.parser import text_string_to_metric_families


async def test_metrics_tell_what_the_bot_has_done_and_what_waits() -> None:
    async with Story([bantuan]) as story:
        await story.kadis.says("/bantuan")
        story.messenger.faults = [PermanentSendError("no")] * 2  # and for the words alone
        await story.kadis.says("/bantuan")
        transport = httpx.ASGITransport(build_web_app(story.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = {name: family for family in text_string_to_metric_families(answer.text) for name in [family.name]}
    samples = {(s.name, *s.labels.values()): s.value for family in told.values() for s in family.samples}
    assert samples["pendopo_accepted_total", "memory"] == 2
    assert samples["pendopo_handled_total", "ok"] == 2
    assert samples["pendopo_sent_total", "memory", "sent"] == 1
    assert samples["pendopo_outbox", "dead"] == 1
    assert samples["pendopo_handler_seconds_count",] == 2
    assert samples["pendopo_first_reply_seconds_count", "bantuan.bantuan"] == 1
    assert samples["pendopo_silent_total", ""] == 0
    assert [samples["pendopo_oldest_seconds", queue] for queue in ("inbox", "outbox", "reminders")] == [0, 0, 0]
    assert samples["pendopo_adapter_up", "memory"] == 1
