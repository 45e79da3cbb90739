"""Several bots on one PostgreSQL, under what operators do to them: a new version, or the end of the one that does it all."""

import asyncio
import itertools
import re
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from .checker import check
from .fleet import Postgres, Replica
from .messengers import Gateway
from .plan import Line, Plan
from .proxy import Manners
from .storm import Storm

ROOT = Path(__file__).parent.parent.parent
RATE = 50
PEOPLE = 200
MOVES_WITHIN = 10.0
ROLES = {"reminders", "sweep", "adapter:telegram", "adapter:waha"}


def calm(folder: Path, postgres: Postgres, replicas: int, gateway: str = "webhook") -> Storm:
    """Bots with people before them, and nothing that goes wrong by itself."""
    return Storm(folder, Plan((), (), "polling"), replicas, postgres, Manners(), gateway=gateway)


# -- a new version -------------------------------------------------------------------------------------------------


@asynccontextmanager
async def through_nginx(storm: Storm, folder: Path) -> AsyncIterator[str]:
    """The nginx of config/deploy before these bots, where there is one; its address."""
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not installed")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = (ROOT / "config" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"^\s*(ssl_|listen 80\b|pid ).*$", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("bot.kota.go.id", "127.0.0.1")
    text = re.sub(r"server \{\s*server_name [^}]*return 301[^}]*\}", "", text)
    for number, replica in enumerate(storm.fleet, 1):
        text = text.replace(f"bot{number}:8080", f"127.0.0.1:{replica.port}")
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    text = text.replace("http {", "http {\n" + "".join(f"{name}_temp_path {folder}/nginx-{name};\n" for name in places), 1)
    (folder / "nginx.conf").write_text(f"daemon off;\npid {folder}/nginx.pid;\nuser root;\n{text}", encoding="utf-8")
    running = await asyncio.create_subprocess_exec(nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"))
    try:
        await answering(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        await running.wait()


async def answering(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


@asynccontextmanager
async def through_the_proxy(storm: Storm, folder: Path) -> AsyncIterator[str]:
    yield storm.proxy.url


@pytest.mark.postgres
@pytest.mark.parametrize("before", [through_the_proxy, through_nginx])
async def test_a_rolling_restart_under_load_shows_the_sender_no_error(
    folder: Path, postgres: Postgres, before: Callable[[Storm, Path], AbstractAsyncContextManager[str]]
) -> None:
    """Each bot is told to stop and started anew; every webhook is taken at once, and nobody sees anything twice."""
    storm = calm(folder, postgres, 2)
    async with AsyncExitStack() as stack:
        await storm.begin(stack)
        storm.poster.url = await stack.enter_async_context(before(storm, folder))
        writing = asyncio.create_task(write(storm))
        for replica in storm.fleet:
            await asyncio.sleep(1.0)
            replica.send(signal.SIGTERM)
            assert await replica.ended() == 0
            replica.start()
            await replica.ready()
        await asyncio.sleep(1.0)
        writing.cancel()
        assert await storm.settled() == []
        assert set(storm.poster.answers) == {200}, "\n".join(storm.proxy.refusals)
        assert await storm.end() == [0, 0]
        screens = [each for messenger in storm.messengers.values() for each in messenger.screens()]
        verdict = await check(storm.records, screens, storm.url)
        assert (verdict.wrong, verdict.repeats) == ([], [])
        assert verdict.figures["events"] > 5 * RATE


async def write(storm: Storm) -> None:
    """Fifty messages a second, for ever."""
    begun = asyncio.get_running_loop().time()
    for number in itertools.count():
        await asyncio.sleep(max(0.0, begun + number / RATE - asyncio.get_running_loop().time()))
        await storm.say(Line(0.0, f"t{number}", f"t{number}", "whatsapp_cloud", number % PEOPLE))


# -- the one that does it all ----------------------------------------------------------------------------------------


def holders(storm: Storm) -> dict[str, Replica]:
    """Who took each role last, as their logs tell it."""
    taken: dict[str, tuple[str, Replica]] = {}
    for replica in storm.fleet:
        for said in replica.said("role_taken"):
            taken[said["role"]] = max(taken.get(said["role"], ("", replica)), (said["timestamp"], replica), key=lambda t: t[0])
    return {role: replica for role, (_, replica) in taken.items()}


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not happened():
            await asyncio.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM], ids=["killed", "paused", "told to stop"])
async def test_when_its_holder_is_gone_each_role_moves_within_ten_seconds(
    folder: Path, postgres: Postgres, end: signal.Signals
) -> None:
    storm = calm(folder, postgres, 3, gateway="websocket")
    async with AsyncExitStack() as stack:
        await storm.begin(stack, one_first=True)
        gateway = storm.messengers["waha"]
        assert isinstance(gateway, Gateway)
        await until(lambda: bool(gateway.linked))
        holder = storm.fleet[0]
        assert holders(storm) == dict.fromkeys(ROLES, holder)
        await say_everywhere(storm, 0)
        assert await storm.settled() == []
        holder.send(end)
        async with asyncio.timeout(MOVES_WITHIN):
            await until(lambda: all(other is not holder for other in holders(storm).values()))
            await until(lambda: gateway.linked[-1] != holder.number)
        await say_everywhere(storm, 3)
        storm.patience = 60.0
        assert await storm.settled() == []
        holder.send(signal.SIGCONT)
        await say_everywhere(storm, 6)
        assert await storm.settled() == []
        for replica in storm.fleet:
            replica.send(signal.SIGTERM)
            await replica.ended()
        screens = [each for messenger in storm.messengers.values() for each in messenger.screens()]
        verdict = await check(storm.records, screens, storm.url)
        assert (verdict.wrong, verdict.repeats) == ([], [])


async def say_everywhere(storm: Storm, number: int) -> None:
    """Something that is polled, something that comes by websocket, and something that must be reminded of."""
    await storm.say(Line(0.0, f"t{number}", f"t{number}", "telegram", 0))
    await storm.say(Line(0.0, f"t{number + 1}", f"t{number + 1}", "waha", 0))
    await storm.say(Line(0.0, f"a{number + 2}", f"a{number + 2} 100", "whatsapp_cloud", 0))
