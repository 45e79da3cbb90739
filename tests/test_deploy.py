"""What lies in config/deploy holds together: names that exist, ports that meet, and files that their own programs can read."""

import contextlib
import http.client
import http.server
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pendopo.cli.command_table import NOUNS, SINGLE
from pendopo.config import load_settings
from pendopo.web.webhooks import LARGEST

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "config" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted(DEPLOY.glob("*.service"))
STOPPING = 15
"""Seconds that a bot may take to stop: its answers, then its handlers."""
SERVICE_KEYS = {
    *("build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init", "mem_limit", "ports"),
    *("read_only", "restart", "secrets", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "volumes"),
}
"""Those keys of the compose specification that are used; one that is misspelt is in no specification."""


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


def test_compose_has_only_keys_and_names_that_exist() -> None:
    assert set(COMPOSE) <= {"name", "services", "volumes", "secrets", "x-bot"}
    for service in COMPOSE["services"].values():
        assert set(service) <= SERVICE_KEYS
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"]


def test_compose_builds_what_lies_here() -> None:
    build = COMPOSE["x-bot"]["build"]
    context = (DEPLOY / build["context"]).resolve()
    assert context == ROOT
    assert (context / build["dockerfile"]) == DEPLOY / "Dockerfile"


def test_the_bots_are_two_and_alike_and_get_time_to_stop() -> None:
    bots = [service for name, service in COMPOSE["services"].items() if name.startswith("bot")]
    assert len(bots) == 2
    assert bots[0] == bots[1]
    assert int(bots[0]["stop_grace_period"].removesuffix("s")) >= STOPPING
    assert bots[0]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_no_bot_begins_before_the_tables_are_up_to_date() -> None:
    noun, verb = COMPOSE["services"]["upgrade"]["command"]
    assert (noun, verb) == ("db", "upgrade")
    assert any(name == noun and verb in verbs for name, _, verbs in NOUNS)


def test_the_settings_beside_it_are_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (DEPLOY / "pendopo.toml").read_text(encoding="utf-8")
    named = re.findall(r'"/run/secrets/(\w+)"', text)
    assert set(named) == set(COMPOSE["x-bot"]["secrets"])
    for name in named:
        (tmp_path / name).write_text("postgresql://pendopo:x@database/pendopo\n" if name == "database_url" else "12345:abc")
    (tmp_path / "pendopo.toml").write_text(text.replace("/run/secrets", str(tmp_path)))
    settings = load_settings(tmp_path / "pendopo.toml", {})
    assert settings.database.url == "postgresql://pendopo:x@database/pendopo"
    assert settings.database.url.split("@")[1].split("/")[0] in COMPOSE["services"]
    assert not settings.adapters.simulated
    (home,) = instructions("WORKDIR")[-1:]
    assert f"files:{home}/{settings.data_dir}" in COMPOSE["x-bot"]["volumes"]
    assert f"./directory.toml:{home}/{settings.directory.file}:ro" in COMPOSE["x-bot"]["volumes"]
    assert f"./pendopo.toml:{home}/pendopo.toml:ro" in COMPOSE["x-bot"]["volumes"]
    assert instructions("EXPOSE") == [str(settings.web.port)]
    assert f"127.0.0.1:{settings.web.port}/healthz" in DOCKERFILE


def test_the_page_lends_the_bots_user_every_file_that_its_containers_read() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (user,) = re.findall(r"--uid (\d+)", DOCKERFILE)
    (lent,) = re.findall(rf"^chown {user} (.*)$", page, re.MULTILINE)
    read = {COMPOSE["secrets"][name]["file"] for name in COMPOSE["x-bot"]["secrets"]}
    read |= {volume.split(":")[0].removeprefix("./") for volume in COMPOSE["x-bot"]["volumes"] if volume.startswith("./")}
    assert set(lent.split()) == read


def test_the_image_copies_what_there_is_and_runs_a_verb_as_nobody_special() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for words in (line.split() for line in instructions("COPY") if not line.startswith("--from")):
        for source in words[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignored
    assert instructions("ENTRYPOINT") == ['["pendopo"]']
    assert instructions("CMD") == ['["run"]']
    assert "run" in SINGLE
    assert instructions("USER") == ["pendopo"]
    assert DOCKERFILE.index("USER pendopo") < DOCKERFILE.index("CMD [")
    (constraints,) = re.findall(r"-c (\S+)", DOCKERFILE)
    assert (ROOT / constraints).is_file()


def test_the_images_python_is_one_that_is_supported() -> None:
    (least,) = re.findall(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert all(int(minor) >= int(least) for minor in re.findall(r"FROM python:3\.(\d+)", DOCKERFILE))


def test_nginx_asks_the_bots_there_are_and_takes_bodies_as_large_as_they_do() -> None:
    bots = {name for name in COMPOSE["services"] if name.startswith("bot")}
    assert set(re.findall(r"server (\w+):8080", NGINX)) == bots
    (most,) = re.findall(r"client_max_body_size (\d+)m", NGINX)
    assert int(most) * 1024 * 1024 >= LARGEST
    hooks = NGINX[NGINX.index("location /hooks/") :]
    assert "non_idempotent" in hooks[: hooks.index("}")], "a webhook goes to the other bot when one is being replaced"


def test_every_block_of_nginx_is_closed_and_every_line_ends() -> None:
    lines = [line.split("#")[0].strip() for line in NGINX.splitlines()]
    assert all(line.endswith((";", "{", "}")) for line in lines if line)
    depth = 0
    for character in "\n".join(lines):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


def test_nginx_itself_is_content(tmp_path: Path) -> None:
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not installed")
    text = re.sub(r"^\s*ssl_certificate.*$", "", NGINX, flags=re.MULTILINE).replace("listen 443 ssl", "listen 443")
    text = re.sub(r"server bot(\d):8080", r"server 127.0.0.1:808\1", text)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\n{text}", encoding="utf-8")
    ran = subprocess.run([nginx, "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False)
    assert "syntax is ok" in ran.stderr, ran.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_passes_on_its_own_name_and_answers_to_no_other(tmp_path: Path, free_ports: list[int]) -> None:
    plain, secure, behind = free_ports
    text = re.sub(r"^\s*ssl_(certificate|reject).*$", "", NGINX, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{secure}").replace("listen 80", f"listen 127.0.0.1:{plain}")
    text = re.sub(r"server bot\d:8080", f"server 127.0.0.1:{behind}", text).replace("worker_processes auto", "daemon off")
    paths = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\n{text.replace('http {', 'http {' + paths, 1)}", encoding="utf-8"
    )
    with _echo_host(behind), _run_nginx(tmp_path, plain):
        for port, name, answer in (
            (secure, "bot.kota.go.id", "200 bot.kota.go.id"),
            (secure, "localhost", ""),
            (secure, "127.0.0.1", ""),
            (secure, "evil.example", ""),
            (plain, "localhost", ""),
            (plain, "bot.kota.go.id", "301 https://bot.kota.go.id/x"),
        ):
            assert _ask(port, name) == answer, (port, name)


@pytest.fixture
def free_ports() -> list[int]:
    with contextlib.ExitStack() as stack:
        listening = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        return [each.getsockname()[1] for each in listening]


@contextlib.contextmanager
def _echo_host(port: int) -> Iterator[None]:
    """A bot that answers with the name it was asked under."""

    class Echo(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.headers["Host"].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@contextlib.contextmanager
def _run_nginx(place: Path, port: int) -> Iterator[None]:
    command = [shutil.which("nginx") or "", "-c", str(place / "nginx.conf"), "-e", "/dev/stderr"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as nginx:
        for _ in range(1000):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        yield
        nginx.terminate()


def _ask(port: int, name: str) -> str:
    """The status and the body or the place of an answer, "" where the connection is closed without one."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/x", headers={"Host": name})
        answer = asked.getresponse()
        return f"{answer.status} {answer.headers['Location'] or answer.read().decode()}"
    except (http.client.HTTPException, ConnectionError):
        return ""
    finally:
        asked.close()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_verb_and_waits_for_its_end(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=/opt/pendopo/bin/pendopo (\w+) ", text, re.MULTILINE)
    assert command in SINGLE
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)s$", text, re.MULTILINE)
    assert int(seconds) >= STOPPING
    for name in re.findall(r"PENDOPO_\w+", text):
        load_settings(None, {name: "8081"})


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_itself_is_content(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    text = unit.read_text(encoding="utf-8").replace("/opt/pendopo/bin/pendopo", "/bin/true")
    (tmp_path / unit.name).write_text(text, encoding="utf-8")
    ran = subprocess.run([analyze, "verify", str(tmp_path / unit.name)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
