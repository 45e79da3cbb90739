"""An installation as docs/deployment.md prints it, with its files, modes and users, in a machine made for it alone."""

import asyncio
import os
import re
import shutil
import site
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.telegram.fake.server import TOKEN, BotApi

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "config" / "deploy"
CHANGED = ("etc", "opt", "usr/local", "var/lib", "root")
"""Folders of the machine that the commands write to; they see copies."""
INSTALL = """
echo /opt/site > /opt/pendopo/pth; echo /opt/code/bot >> /opt/pendopo/pth; echo /opt/code/plugins >> /opt/pendopo/pth
for folder in /opt/pendopo/lib/python3*/site-packages; do cp /opt/pendopo/pth $folder/pendopo.pth; done
printf '#!/opt/pendopo/bin/python\\nimport sys\\nfrom pendopo.cli import main\\nsys.exit(main())\\n' > /opt/pendopo/bin/pendopo
chmod 755 /opt/pendopo/bin/pendopo
"""
"""Instead of `pip install`: the same packages, without fetching them again."""


READY = 'import urllib.request as u; u.urlopen("http://127.0.0.1:{port}/readyz", timeout=5)'


def read_commands() -> list[str]:
    """The commands of the page under *systemd*, in their order."""
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"## systemd\n.*?```sh\n(.*?)```", page, re.DOTALL)
    return str(block).splitlines()


def read_settings(port: int, url: str) -> str:
    """The settings of the page, for a port that is free and a messenger of the test's."""
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (block,) = re.findall(r'```toml title="pendopo.toml"\n(.*?)```', page, re.DOTALL)
    return str(block).replace("[web]\n", f"[web]\nport = {port}\n").rstrip() + f'\napi_base_url = "{url}"\n'


def start_unit() -> str:
    """What systemd does with the unit: its user, folder, umask, environment and command."""
    unit = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "pendopo.service").read_text(encoding="utf-8"), re.MULTILINE))
    user = f"setpriv --reuid={unit['User']} --regid={unit['User']} --clear-groups"
    return f"""
cd {unit["WorkingDirectory"]}; umask {unit["UMask"]}
{user} env -i {unit["Environment"]} {unit["ExecStart"]} > $T/log 2>&1 &
running=$!; trap 'kill $running' EXIT
"""


def write_script(folder: Path, port: int) -> str:
    """Everything that happens in the machine of its own; what it prints is judged outside."""
    packages = next(path for path in map(Path, [*site.getsitepackages(), *sys.path]) if (path / "sqlmodel").is_dir())
    lines = [f"set -e; T={folder}/layers; mkdir $T; mount -t tmpfs tmpfs $T"]
    for name in CHANGED:
        lines.append(f"mkdir -p $T/{name}/up $T/{name}/work")
        lines.append(f"mount -t overlay overlay -o lowerdir=/{name},upperdir=$T/{name}/up,workdir=$T/{name}/work /{name}")
    lines.append("chmod 755 /root; mkdir /opt/site /opt/code; umask 022")
    lines.append(f"mount --bind {packages} /opt/site; mount --bind {ROOT} /opt/code; cd {folder}/source")
    for command in read_commands():
        if "pip install" in command:
            lines.append(INSTALL)
        elif command.startswith("systemctl enable"):
            lines.append(start_unit())
        elif command == "pendopo doctor":
            lines.append("echo == before; pendopo doctor")
        else:
            lines.append(command)
    lines.append(f"""
for _ in $(seq 300); do
  if {sys.executable} -c '{READY.format(port=port)}' 2>/dev/null; then break; fi
  kill -0 $running || {{ cat $T/log; exit 1; }}; sleep 0.1
done
echo == after; (cd /; pendopo doctor)
echo == others; find /etc/pendopo /var/lib/pendopo -type f | while read file; do
  if setpriv --reuid=65534 --regid=65534 --clear-groups cat $file > /dev/null 2>&1; then echo $file; fi; done
kill $running; trap - EXIT; wait $running
""")
    return "\n".join(lines)


def can_have_own_folders() -> bool:
    if os.getuid() != 0 or shutil.which("unshare") is None or shutil.which("useradd") is None:
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


async def test_the_commands_of_the_page_give_a_bot_that_runs_as_another_user(tmp_path: Path) -> None:
    if not can_have_own_folders():
        pytest.skip("this machine lets nobody make folders of their own")
    source = tmp_path / "source"
    source.mkdir()
    (source / "config").symlink_to(ROOT / "config")
    shutil.copy(ROOT / "bot" / "pendopo" / "cli" / "bootstrap" / "demo_directory.toml", source / "directory.toml")
    (source / "telegram.token").write_text(TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    telegram = BotApi()
    await telegram.start()
    try:
        (source / "pendopo.toml").write_text(read_settings(port, telegram.url))
        (tmp_path / "script").write_text(write_script(tmp_path, port))
        ran = await asyncio.create_subprocess_exec(
            *("unshare", "--mount", "--propagation", "private", "sh", str(tmp_path / "script")),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await ran.communicate())[0].decode()
    finally:
        await telegram.stop()
    assert ran.returncode == 0, said
    before, after, others = (part.strip().splitlines() for part in said.split("== ")[1:])
    for doctor in (before, after):
        assert [line.split()[0] for line in doctor[1:]] == ["ok"] * (len(doctor) - 1), said
        assert re.match(r"ok +configuration +/etc/pendopo/pendopo.toml", doctor[1]), said
    assert others[1:] == [], "what may nobody else read"
