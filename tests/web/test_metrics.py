"""What the bot has done and what waits, in Prometheus' words."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
import yaml
from pendopo.errors import PermanentSendError
from pendopo.testing import Story
from pendopo.web import build_web_app
from pendopo_bantuan import plugin as bantuan
from prometheus_client.parser import text_string_to_metric_families

DEPLOY = Path(__file__).parents[2] / "config" / "deploy"


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


async def test_alerts_and_board_ask_for_what_is_exported() -> None:
    async with Story([bantuan]) as story:
        transport = httpx.ASGITransport(build_web_app(story.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            told = (await client.get("/metrics")).text
    kinds = dict(re.findall(r"^# TYPE (\S+) (\w+)$", told, re.MULTILINE))
    endings = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("",), "gauge": ("",)}
    exported = {f"{name}{ending}" for name, kind in kinds.items() for ending in endings[kind]}
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    board = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    expressions = [rule["expr"] for rule in rules]
    expressions += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked = {name for expression in expressions for name in re.findall(r"\b(?:pendopo|process)_\w+", expression)}
    assert len(asked) > 15
    assert asked - exported == set()
    for rule in rules:
        assert re.fullmatch(r"Pendopo[A-Z]\w+", rule["alert"])
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "description"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
    assert len({rule["alert"] for rule in rules}) == len(rules)


def test_the_judge_of_prometheus_is_content_with_the_alerts() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    ran = subprocess.run([promtool, "check", "rules", str(DEPLOY / "alerts.yml")], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
