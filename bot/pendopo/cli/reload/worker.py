"""The bot under `pendopo run --reload`: on `load` it loads everything and answers `ready`; on `go` it runs."""

import asyncio
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pendopo
from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import check_adapters, check_options
from pendopo.cli.bootstrap.serving import serve
from pendopo.cli.discovery.plugins import FoundPlugins, find_plugins
from pendopo.cli.options import GlobalOptions
from pendopo.cli.output import PROBLEM
from pendopo.config import Settings, list_secrets
from pendopo.engine.routing.router import Router
from pendopo.errors import AdapterError, OperatorError
from pendopo.i18n import Catalogues

BOT = Path(pendopo.__file__).parent
"""Frames below this folder are the framework's; an error is located at the plugin's own code."""


def main() -> int:
    """Run the worker; argv: the socket's file descriptor, `json` or `text`, and the configuration file ("" for none)."""
    number, answer, config = sys.argv[1:]
    if not sys.stdin.readline():
        return 0
    try:
        settings = GlobalOptions(Path(config) if config else None).load_settings()
        logs.configure(list_secrets(settings), settings.log.level)
        fine = _can_load(settings)
    except OperatorError as error:
        _print_problem(f"{locate_fault(error) if isinstance(error, AdapterError) else ''}{error}")
        return PROBLEM
    print("ready" if fine else "broken", flush=True)
    if not sys.stdin.readline():
        return PROBLEM  # the watcher has dropped this worker
    threading.Thread(target=_end_with_the_watcher, daemon=True).start()
    with _adopt_socket(int(number)) as listener:
        try:
            asyncio.run(serve(settings, answer == "json", listener))
        except OperatorError as error:
            _print_problem(str(error))
            return PROBLEM
    return 0


def _end_with_the_watcher() -> None:
    """Stop this process when the watcher is gone and has closed the pipe."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _can_load(settings: Settings) -> bool:
    """Whether all plugins and adapters can be used. Errors are printed with file and line."""
    check_adapters(settings)
    found = find_plugins(settings.plugins)
    check_options(settings, found)
    _try_plugins(found)
    for name, error in found.broken.items():
        _print_problem(f"{locate_fault(error)}{name}: {error}")
    return not found.broken


def _try_plugins(found: FoundPlugins) -> None:
    """Load their sentences and routes as the bot will; failures are recorded as broken."""
    router, catalogues = Router(), Catalogues()
    for plugin in found.plugins:
        try:
            catalogues.add_folder(plugin.path / "locale", plugin.name)
            router.add_plugin(plugin)
        except Exception as error:
            found.broken[plugin.name] = OperatorError(f"{found.places[plugin.name]}: {error}")


def locate_fault(error: BaseException) -> str:
    """Return the place of an error as `file:line: `, which editors understand; "" when it is in the framework."""
    cause = error.__cause__ or error
    if isinstance(cause, SyntaxError) and cause.filename:
        return f"{cause.filename}:{cause.lineno}: "
    frames = traceback.extract_tb(cause.__traceback__)
    own = [frame for frame in frames if "importlib" not in frame.filename and not Path(frame.filename).is_relative_to(BOT)]
    return f"{own[-1].filename}:{own[-1].lineno}: " if own else ""


def _print_problem(words: str) -> None:
    print(f"pendopo: {words}", file=sys.stderr, flush=True)


@contextmanager
def _adopt_socket(number: int) -> Iterator[socket.socket]:
    """Take over the watcher's listening socket, on which clients may be waiting."""
    with socket.socket(fileno=number) as listener:
        yield listener


if __name__ == "__main__":
    sys.exit(main())
