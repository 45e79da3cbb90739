"""The doctor says of each thing whether it is right, and what to do where it is not."""

import json
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pendopo.adapters.contract import Look
from pendopo.adapters.telegram.diagnostics import diagnose_account as ask_telegram
from pendopo.adapters.waha.diagnostics import diagnose_account as ask_waha
from pendopo.adapters.whatsapp_cloud.diagnostics import diagnose_account as ask_whatsapp_cloud
from pendopo.cli.commands import doctor as doctor_module
from pendopo.cli.commands.doctor import check_clock, check_running_bot
from pendopo.config import Settings, TelegramSettings, WahaSettings, WhatsAppCloudSettings
from pendopo.errors import OperatorError

from tests.adapters.telegram.fake.server import TOKEN, BotApi
from tests.cli.conftest import Pendopo


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("PENDOPO_WEB__PORT", "0")


def list_problems(pendopo: Pendopo) -> dict[str, str]:
    said = pendopo("doctor", "--json")
    findings = {finding["what"]: finding["said"] for finding in json.loads(said.out) if not finding["ok"]}
    assert said.code == (1 if findings else 0)
    return findings


def test_a_new_installation_is_fine_and_nothing_is_made_by_looking(pendopo: Pendopo, place: Path) -> None:
    said = pendopo("doctor")
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == ["ok"] * 16
    assert list(place.iterdir()) == []


def test_one_that_has_run_is_fine(pendopo: Pendopo) -> None:
    pendopo("db", "upgrade")
    said = pendopo("doctor")
    assert said.code == 0
    assert "ok    database       var/pendopo.db, up to date and writable" in said.out


def test_a_bad_configuration_is_the_only_thing_to_say(pendopo: Pendopo, place: Path) -> None:
    (place / "pendopo.toml").write_text("prot = 1")
    said = pendopo("doctor")
    assert (said.code, said.out.splitlines()) == (
        1,
        ["WRONG configuration  pendopo.toml: prot is no setting; did you mean web.port?"],
    )


def test_without_a_file_it_does_not_speak_of_the_defaults_where_the_machine_has_settings(
    pendopo: Pendopo, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "etc").mkdir()
    monkeypatch.setattr("pendopo.cli.commands.doctor.SYSTEM_FILE", place / "etc" / "pendopo.toml")
    said = pendopo("doctor")
    assert said.code == 1
    assert said.out.splitlines() == [
        f"WRONG configuration  none is used, but this machine has {place}/etc: "
        f"pendopo --config {place}/etc/pendopo.toml doctor, as the bot's user"
    ]


def test_everything_that_is_wrong_is_said_at_once(pendopo: Pendopo, place: Path, plugin_dir: Path) -> None:
    (plugin_dir / "rusak.py").write_text("1/0")
    (place / "bad.toml").write_text('[[post]]\ncode = "a"\ntitle = "A"\nunit = "x"')
    (place / "file").write_text("")
    (place / "pendopo.toml").write_text(
        'data_dir = "file"\n[directory]\nfile = "bad.toml"\n[web]\nhost = "192.0.2.1"\n'
        '[adapters.waha]\nbase_url = "x"\napi_key = "k"'
    )
    found = list_problems(pendopo)
    assert set(found) == {"secrets", "messengers", "waha", "plugins", "directory", "data folder", "port"}
    assert "rusak: ZeroDivisionError" in found["plugins"]
    assert "unit 'x' does not exist" in found["directory"]


def test_tables_that_are_behind_name_the_verb_that_helps(pendopo: Pendopo, place: Path) -> None:
    (place / "var").mkdir()
    (place / "var" / "pendopo.db").write_bytes(b"")
    assert "run `pendopo db upgrade`" in list_problems(pendopo)["database"]


def test_a_file_that_is_no_database_is_said(pendopo: Pendopo, place: Path) -> None:
    (place / "var").mkdir()
    (place / "var" / "pendopo.db").write_bytes(b"no database" * 100)
    assert "not a database" in list_problems(pendopo)["database"]


def test_a_full_disk_is_said(pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(3_000_000))
    assert "only 3 MB are free" in list_problems(pendopo)["data folder"]


def test_a_port_that_somebody_else_has_is_said(pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PENDOPO_WEB__PORT", str(port))
        monkeypatch.setattr("pendopo.cli.commands.doctor.is_pendopo", lambda host, port: False)
        assert "stop what listens there, or set web.port" in list_problems(pendopo)["port"]
        monkeypatch.setattr("pendopo.cli.commands.doctor.is_pendopo", lambda host, port: True)
        assert set(list_problems(pendopo)) == {"running bot"}  # which is there, and does not say whether it is ready


def test_a_plugins_secret_in_a_file_that_others_may_read_is_said(pendopo: Pendopo, peta: Path) -> None:
    peta.chmod(0o644)
    assert list_problems(pendopo) == {"secrets": "pendopo.toml holds secrets and others may read it: chmod 600 pendopo.toml"}
    peta.chmod(0o600)
    assert list_problems(pendopo) == {}


def test_what_a_plugin_does_not_call_secret_may_be_read(pendopo: Pendopo, peta: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNCI_PETA", "kunci-peta-rahasia")
    peta.write_text('[plugin.peta]\nkunci = { env = "KUNCI_PETA" }\nkota = "Cimahi"')
    peta.chmod(0o644)
    assert list_problems(pendopo) == {}


class Answers(BaseHTTPRequestHandler):
    """Says what it is told to."""

    paths: dict[str, tuple[int, Any]]
    date = ""

    def do_GET(self) -> None:
        code, body = self.paths.get(self.path.split("?")[0], (404, {}))
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response_only(code)
        self.send_header("Date", self.date or self.date_time_string())
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        return


Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that answers GET; its address."""
    running: list[ThreadingHTTPServer] = []

    def start(paths: dict[str, tuple[int, Any]], date: str = "") -> str:
        handler = type("Handler", (Answers,), {"paths": paths, "date": date})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


# -- Telegram ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def api() -> Any:
    made = BotApi()
    await made.start()
    yield made
    await made.stop()


def telegram(api: BotApi, mode: str = "polling", token: str = TOKEN) -> TelegramSettings:
    return TelegramSettings.model_validate(
        {"token": token, "mode": mode, "api_base_url": api.url, "webhook_secret": "rahasia-rahasia"}
    )


async def test_a_token_that_works_is_named(api: BotApi) -> None:
    assert await ask_telegram(telegram(api), "") == "@Kota_Test_Bot, hears everything in its groups"


async def test_privacy_mode_is_explained(api: BotApi) -> None:
    api.privacy = True
    said = await ask_telegram(telegram(api), "")
    assert "/setprivacy at BotFather" in said
    assert isinstance(said, Look)


@pytest.mark.parametrize(("site", "level"), [("", "look"), ("https://bot.kota.go.id", "ok")])
def test_what_works_and_wants_a_decision_is_a_look_and_no_problem(
    pendopo: Pendopo, place: Path, monkeypatch: pytest.MonkeyPatch, site: str, level: str
) -> None:
    monkeypatch.setattr(doctor_module, "list_probes", lambda settings: {"telegram": lambda _: Look("@bot; privacy mode is on")})
    monkeypatch.setattr(doctor_module, "check_clock", lambda settings: "")
    (place / "pendopo.toml").write_text(f'[adapters.telegram]\ntoken = "1:abc"\n[web]\npublic_url = "{site}"')
    (place / "pendopo.toml").chmod(0o600)
    said = pendopo("doctor")
    levels = {line.split()[1]: line.split()[0] for line in said.out.splitlines()}
    assert (said.code, levels["telegram"], levels["links"], levels["plugins"]) == (0, "look", level, "ok")
    found = {each["what"]: each for each in json.loads(pendopo("doctor", "--json").out)}
    assert (found["telegram"]["ok"], found["telegram"]["level"]) == (True, "look")


async def test_a_refused_token_is_said_and_never_shown(api: BotApi) -> None:
    with pytest.raises(OperatorError, match="take a new one from BotFather") as refused:
        await ask_telegram(telegram(api, token="123:salah-sekali"), "")
    assert "salah-sekali" not in str(refused.value)


async def test_a_webhook_that_is_set_while_we_poll_is_said(api: BotApi) -> None:
    api.webhook = {"url": "https://elsewhere.example/x"}
    with pytest.raises(OperatorError, match="a webhook is set"):
        await ask_telegram(telegram(api), "")


async def test_a_webhook_that_is_another_ones_is_said(api: BotApi) -> None:
    with pytest.raises(OperatorError, match=r"no webhook is set, not https://kota\.example/hooks/telegram"):
        await ask_telegram(telegram(api, "webhook"), "https://kota.example/")
    api.webhook = {"url": "https://elsewhere.example/x"}
    with pytest.raises(OperatorError, match="another address is set"):
        await ask_telegram(telegram(api, "webhook"), "https://kota.example")


async def test_what_telegram_could_not_deliver_is_said(api: BotApi) -> None:
    info = {"last_error_date": api.now() - 60, "last_error_message": "Connection refused"}
    api.webhook = {"url": "https://kota.example/hooks/telegram", "info": info}
    with pytest.raises(OperatorError, match=r"could not deliver .* Connection refused"):
        await ask_telegram(telegram(api, "webhook"), "https://kota.example")
    info["last_error_date"] = api.now() - 7200
    assert "@Kota_Test_Bot" in await ask_telegram(telegram(api, "webhook"), "https://kota.example")


async def test_a_server_that_is_not_there_is_said(api: BotApi) -> None:
    await api.stop()
    with pytest.raises(OperatorError, match="does not answer as it should"):
        await ask_telegram(telegram(api), "")


# -- WhatsApp ------------------------------------------------------------------------------------------------------


def waha(url: str) -> WahaSettings:
    return WahaSettings.model_validate({"base_url": url, "api_key": "kunci-rahasia", "hmac_key": "hmac"})


@pytest.mark.parametrize(
    ("code", "body", "said"),
    [
        (200, {"name": "default", "status": "WORKING"}, ""),
        (200, {"name": "default", "status": "SCAN_QR_CODE"}, "SCAN_QR_CODE: start it and scan its code"),
        (401, {"message": "Unauthorized"}, "refuses the key"),
        (500, {}, "does not answer as it should"),
    ],
)
async def test_the_gateway_says_how_its_session_is(serve: Serve, code: int, body: Any, said: str) -> None:
    url = serve({"/api/sessions/default": (code, body)})
    if not said:
        assert await ask_waha(waha(url)) == "session default works"
        return
    with pytest.raises(OperatorError, match=said) as found:
        await ask_waha(waha(url))
    assert "kunci-rahasia" not in str(found.value)


def cloud(url: str, template: str = "") -> WhatsAppCloudSettings:
    return WhatsAppCloudSettings.model_validate(
        {
            "access_token": "token-rahasia",
            "phone_number_id": "1066",
            "app_secret": "x",
            "verify_token": "y",
            "graph_base_url": url,
            "graph_version": "v23.0",
            "template": template,
        }
    )


async def test_the_number_is_named_and_that_a_template_is_missing(serve: Serve) -> None:
    url = serve({"/v23.0/1066": (200, {"display_phone_number": "+62 811", "quality_rating": "GREEN"})})
    assert await ask_whatsapp_cloud(cloud(url, "kabar")) == "+62 811"
    assert "without a template" in await ask_whatsapp_cloud(cloud(url))


async def test_a_number_that_is_about_to_be_limited_is_said(serve: Serve) -> None:
    url = serve({"/v23.0/1066": (200, {"display_phone_number": "+62 811", "quality_rating": "RED"})})
    with pytest.raises(OperatorError, match="rates its quality as low"):
        await ask_whatsapp_cloud(cloud(url))


async def test_a_refused_access_token_is_said_and_never_shown(serve: Serve) -> None:
    refusal = {"error": {"message": "Error validating access token token-rahasia", "code": 190, "type": "OAuthException"}}
    url = serve({"/v23.0/1066": (401, refusal)})
    with pytest.raises(OperatorError, match="access_token") as found:
        await ask_whatsapp_cloud(cloud(url))
    assert "token-rahasia" not in str(found.value)


HEALTH = {"health_status": {"can_send_message": "AVAILABLE", "entities": [{"entity_type": "WABA", "id": "1022"}]}}


def written(place: Path, url: str, more: str = "") -> None:
    """A configuration with WhatsApp Cloud, which nobody else may read."""
    file = place / "pendopo.toml"
    file.write_text(
        f'''[adapters.whatsapp_cloud]
access_token = "token-rahasia"
phone_number_id = "1066"
app_secret = "x"
verify_token = "y"
graph_base_url = "{url}"
{more}
[web]
port = 0
'''
    )
    file.chmod(0o600)


def test_the_template_has_a_line_of_its_own(pendopo: Any, place: Path, serve: Serve) -> None:
    waiting = {"name": "kabar", "language": "id", "status": "PENDING", "components": []}
    url = serve({"/v23.0/1066": (200, HEALTH), "/v23.0/1022/message_templates": (200, {"data": [waiting]})})
    written(place, url, 'template = "kabar"')
    doctor = pendopo("doctor")
    assert doctor.code == 1
    assert "WRONG template       kabar in id is pending: Meta looks at it for a day at most; ask again then\n" in doctor.out
    assert "\nok    whatsapp_cloud 1066\n" in doctor.out
    written(place, url)
    doctor = pendopo("doctor")
    assert doctor.code == 0
    assert "pending" not in doctor.out


def test_what_a_messenger_refuses_is_told_by_the_findings_alone(process: Any, place: Path, serve: Serve) -> None:
    refusal = {"error": {"message": "Error validating access token", "code": 190, "type": "OAuthException"}}
    written(place, serve({"/v23.0/1066": (401, refusal)}), 'template = "kabar"')
    doctor = process("doctor", "--json")
    found = {each["what"]: each for each in json.loads(doctor.out)}
    assert not found["whatsapp_cloud"]["ok"]
    assert found["template"]["said"].endswith("see adapters.whatsapp_cloud.access_token")
    assert doctor.err == ""


# -- the clock, and a bot that runs --------------------------------------------------------------------------------


def with_telegram(url: str) -> Settings:
    return Settings.model_validate({"adapters": {"telegram": {"token": TOKEN, "api_base_url": url}}})


def test_a_clock_that_is_off_is_said(serve: Serve) -> None:
    late = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with pytest.raises(OperatorError, match=r"off by \+(299|300|301) seconds"):
        check_clock(with_telegram(serve({}, date=late)))
    assert "within 30 seconds" in check_clock(with_telegram(serve({})))
    assert "not compared" in check_clock(with_telegram("http://127.0.0.1:9"))
    assert "not compared" in check_clock(with_telegram(serve({}, date="yesterday")))


READY = {
    "ok": True,
    "adapters": {"telegram": {"ok": True, "seconds": 1.0, "note": ""}},
    "inbox": {"dead": 2},
    "outbox": {"waiting": 3, "dead": 1},
    "broken_plugins": {},
}


def on(url: str) -> Settings:
    return Settings.model_validate({"web": {"port": int(url.rsplit(":", 1)[1])}})


def test_a_bot_that_runs_says_how_it_is(serve: Serve) -> None:
    url = serve({"/healthz": (200, b"ok"), "/readyz": (200, READY)})
    assert check_running_bot(on(url)).startswith("well; 2 dead in, 1 dead out")


def test_a_messenger_that_is_silent_is_said(serve: Serve) -> None:
    silent = READY | {"ok": False, "adapters": {"waha": {"ok": False, "seconds": 900.0, "note": "no sign of life"}}}
    url = serve({"/healthz": (200, b"ok"), "/readyz": (503, silent)})
    with pytest.raises(OperatorError, match=r"waha: no sign of life \(900 s\)"):
        check_running_bot(on(url))


def test_a_plugin_that_is_degraded_is_said_with_its_code(serve: Serve) -> None:
    plugins = {
        "izin": {"ok": True, "note": "", "code": ""},
        "arsip": {"ok": False, "note": "could not start", "code": "K7-3F2A"},
    }
    url = serve({"/healthz": (200, b"ok"), "/readyz": (200, READY | {"plugins": plugins})})
    with pytest.raises(OperatorError, match=r"^plugin arsip: could not start \(its code in the log: K7-3F2A\)$"):
        check_running_bot(on(url))


def test_where_none_runs_that_is_all(serve: Serve) -> None:
    assert check_running_bot(on(serve({}))) == "none answers here"


# -- the file ------------------------------------------------------------------------------------------------------


def test_secrets_that_others_may_read_are_said(pendopo: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = place / "pendopo.toml"
    file.write_text('[adapters.telegram]\ntoken = "1:abcdefghijklmnop"\napi_base_url = "http://127.0.0.1:9"\n[web]\nport = 0\n')
    file.chmod(0o644)
    found = {each["what"]: each for each in json.loads(pendopo("doctor", "--json").out)}
    assert found["secrets"]["said"] == "pendopo.toml holds secrets and others may read it: chmod 600 pendopo.toml"
    assert found["telegram"]["ok"] is False
    file.chmod(0o600)
    found = {each["what"]: each for each in json.loads(pendopo("doctor", "--json").out)}
    assert found["secrets"]["ok"]


def test_an_account_that_an_older_version_stored_otherwise_is_told_with_its_form(pendopo: Pendopo, place: Path) -> None:
    pendopo("db", "upgrade")
    with sqlite3.connect(place / "var" / "pendopo.db") as database:
        database.execute("INSERT INTO account (alias, person) VALUES ('whatsapp:081220000003', 1), ('telegram:@rina', 1)")
    told = list_problems(pendopo)["accounts"]
    assert "'whatsapp:081220000003' should be 'whatsapp:6281220000003'" in told
    assert "'telegram:@rina' is no number of Telegram" in told
