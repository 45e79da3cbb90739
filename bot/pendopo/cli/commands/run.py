"""`pendopo run` and `pendopo demo`: the bot with its web side, until it is told to stop."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from pendopo.cli import logs
from pendopo.cli.bootstrap.composition import with_directory
from pendopo.cli.bootstrap.directory_files import demo_file
from pendopo.cli.bootstrap.serving import serve
from pendopo.cli.options import InjectedOptions
from pendopo.config import AdapterSettings, list_secrets


def run(*, reload: Annotated[bool, Parameter(negative="")] = False, options: InjectedOptions) -> int:
    """Run the bot, until it is told to stop (Ctrl-C, SIGTERM).

    Without configuration this is the simulator: a messenger in the browser, with the demo's people.

    Parameters
    ----------
    reload
        For those who write plugins: run the new code whenever a file of a plugin is saved.
    """
    if reload:
        from pendopo.cli.reload.watcher import run_watched  # for those who write plugins

        return run_watched(options)
    settings = options.load_settings()
    logs.configure(list_secrets(settings), settings.log.level, for_good=True)
    asyncio.run(serve(settings, options.json))
    return 0


def demo(*, options: InjectedOptions) -> int:
    """Import the demo's people, then run with the simulator.

    The directory in the database becomes that of the demo; do not do this to a directory you want to keep.
    """
    settings = with_directory(options.load_settings(), demo_file())
    settings = settings.model_copy(update={"adapters": AdapterSettings()})
    logs.configure(list_secrets(settings), settings.log.level, for_good=True)
    asyncio.run(serve(settings, options.json))
    return 0
