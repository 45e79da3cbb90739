"""Serves the bot and its web app from start to stop: socket, signals, server."""

import asyncio
import ctypes
import errno
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import Bot, compose_bot
from pendopo.cli.output import make_url, print_json
from pendopo.config import Settings, list_secrets
from pendopo.errors import OperatorError
from pendopo.web import Server, build_web_app

BACKLOG = 2048
"""Connections that the system queues until they are accepted."""


async def serve(settings: Settings, as_json: bool = False, taken: socket.socket | None = None) -> None:
    """Run the bot and its web app, on `taken` or a new socket, until stopped. Raises `OperatorError` if it cannot start."""
    with open_listener(settings.web.host, settings.web.port) if taken is None else nullcontext(taken) as listener:
        bot = await compose_bot(settings)
        logs.set_secrets(list_secrets(bot.app.settings))
        try:
            await bot.app.start()
            server = _BotServer(bot, settings, listener)
            with _handle_signals(server):
                url = make_url(settings.web.host, listener.getsockname()[1])
                if as_json:
                    print_json({"url": url, "simulator": f"{url}/simulator" if bot.simulator else None}, at_once=True)
                elif bot.simulator:
                    print(f"Simulator: {url}/simulator", flush=True)
                # What was loaded by now lives until the end; freezing it keeps the garbage collector from scanning it.
                gc.freeze()
                # Memory used only while starting (some megabytes) goes back to the system, where the C library can (glibc).
                with suppress(AttributeError, OSError):
                    ctypes.CDLL(None).malloc_trim(0)
                await server.serve([listener])
        finally:
            await bot.app.stop()


class _BotServer(Server):
    """A server with signal handlers of its own: uvicorn's would end the process before the bot has stopped."""

    def __init__(self, bot: Bot, settings: Settings, listener: socket.socket) -> None:
        app = build_web_app(bot.app, bot.simulator, settings.timezone, dashboard=bot.app)
        super().__init__(app, settings.web.host, listener.getsockname()[1])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Stop after the open requests; on the second call, at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


@contextmanager
def _handle_signals(server: _BotServer) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextmanager
def open_listener(host: str, port: int) -> Iterator[socket.socket]:
    """Bind the socket before anything else starts, so that a port in use is reported first. Raises `OperatorError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise OperatorError(_explain_bind_error(error, host, port)) from error
    with listener:
        yield listener


def _explain_bind_error(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use on {host}: stop what listens there, or choose another (web.port, PENDOPO_WEB__PORT)"
    return f"cannot listen on {host}:{port}: {error.strerror or error}; see web.host and web.port"
