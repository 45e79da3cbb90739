"""`pendopo run` with Telegram in its configuration, as an operator would."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest

from tests.adapters.serving import listening

from .bench import BUDI, SECRET, fake
from .fake.people import People
from .fake.server import TOKEN

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_configured_bot_answers_and_stops_when_it_is_told(tmp_path: Path, mode: str) -> None:
    listener, url = listening()
    listener.close()
    async with fake() as api:
        file = tmp_path / "pendopo.toml"
        file.write_text(
            f'data_dir = "{tmp_path}"\n[database]\nurl = "sqlite:///{tmp_path}/p.db"\n'
            f'[web]\nport = {url.rsplit(":", 1)[1]}\npublic_url = "{url}"\n'
            f'[adapters.telegram]\ntoken = "{TOKEN}"\nmode = "{mode}"\n'
            f'api_base_url = "{api.url}"\nwebhook_secret = "{SECRET}"\n'
        )
        command = [sys.executable, "-m", "pendopo", "run", "--config", str(file)]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.PIPE)
        try:
            await People(api).says(BUDI, BUDI, "/bantuan")
            await api.until(lambda: any(method == "sendMessage" for method, _ in api.calls))
            async with httpx.AsyncClient() as client:
                ready = (await client.get(f"{url}/readyz")).json()
            process.send_signal(signal.SIGTERM)
            _, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert process.returncode == 0
    assert ready["adapters"]["telegram"]["ok"]
    assert 0 <= ready["adapters"]["telegram"]["seconds"] < 60
    assert b"/batal" in api.state.rooms[BUDI].posts[2].text.encode()
    assert TOKEN.split(":")[1].encode() not in errors
    assert b"poll_failed" not in errors
