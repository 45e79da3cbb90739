"""The table of all verbs, each with the import path of its function, and the explanations of wrong use."""

import asyncio
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Group, Parameter, UnusedCliTokensError
from cyclopts.exceptions import UnknownCommandError

from pendopo.cli.options import GlobalOptions
from pendopo.cli.output import WRONG_USE
from pendopo.errors import suggest_nearest

SUMMARY = "Pendopo: a bot for the messengers of a city government. Without a verb: run."


def run_verb(words: Sequence[str]) -> int:
    """Parse the words and run their verb. Raises `CycloptsError` on wrong use, `OperatorError` on a problem."""
    app = build_cli()

    @app.meta.default
    def run_with_options(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[Path | None, Parameter(name="--config")] = None,
        json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    ) -> int:
        """Run a verb.

        Parameters
        ----------
        config
            The configuration file; else ./pendopo.toml, else defaults.
        json
            Answer in JSON.
        """
        if tokens in {(noun,) for noun, _, _ in NOUNS}:
            # A noun without a verb does nothing; a script must not take that for success.
            app.help_print(tokens)
            return WRONG_USE
        command, bound, ignored = app.parse_args(tokens or ("run",), exit_on_error=False, print_error=False)
        injected: dict[str, Any] = {"options": GlobalOptions(config, json)} if "options" in ignored else {}
        answer = command(*bound.args, **bound.kwargs, **injected)
        return (asyncio.run(answer) if inspect.iscoroutine(answer) else answer) or 0

    result = app.meta(words, exit_on_error=False, print_error=False, result_action="return_value")
    return int(result or 0)


def build_cli() -> App:
    """Build the tree of verbs. A function is imported when its verb is used."""
    app = App(name="pendopo", help=SUMMARY, version=_read_version, result_action="return_value")
    app.meta.group_parameters = Group("With every verb", sort_key=0)
    here = "pendopo.cli.commands"
    for name, (place, words) in SINGLE.items():
        app.command(f"{here}.{place}", name=name, help=words)
    for noun, summary, names in NOUNS:
        group = App(name=noun, help=summary, version_flags=(), result_action="return_value")
        for name, (place, words) in names.items():
            group.command(f"{here}.{place}", name=name, help=words)
        app.command(group)
    return app


SINGLE = {
    "run": ("run:run", "Run the bot, until it is told to stop."),
    "demo": ("run:demo", "Import the demo's people, then run with the simulator."),
    "chat": ("chat:chat", "Talk with the bot in this terminal."),
    "doctor": ("doctor:doctor", "Check the installation, and say what to do."),
    "backup": ("backup:backup", "Write the database and the files into one archive."),
    "restore": ("backup:restore", "Put an archive of `backup` back."),
}
"""Verbs without a noun: module and function below `pendopo.cli.commands`, and the summary."""
NOUNS: Sequence[tuple[str, str, dict[str, tuple[str, str]]]] = (
    ("config", "The settings.", {
        "show": ("config:show_config", "Show the settings in force, secrets masked."),
        "check": ("config:check_config", "Check the settings."),
    }),
    ("directory", "Who is who.", {
        "import": ("directory:import_file", "Check a directory file and take it, all of it or nothing."),
        "convert": ("directory:convert_table", "Make a directory file of a table of the personnel office."),
        "export": ("directory:export_file", "Write the directory as a file that can be imported."),
        "diff": ("directory:show_differences", "Show what a directory file would change."),
        "show": ("directory:show_directory", "Show the people, their posts and accounts."),
    }),
    ("person", "What is held about somebody.", {
        "export": ("person:export_personal_data", "Write everything about a person out, as JSON."),
        "erase": ("person:erase_personal_data", "Erase the words about a person everywhere."),
        "signin": ("person:create_sign_in_link", "Print a link that signs somebody in to the dashboard, once."),
    }),
    ("policy", "Who may do what.", {
        "explain": ("policy:explain_decision", "Say whether somebody may do something, and why."),
    }),
    ("plugins", "What the bot can do.", {
        "list": ("plugins:list_plugins", "Show the plugins, and which of them are broken."),
        "check": ("plugins:check_plugins", "Check the code of the plugins: its sentences, and calls without await."),
    }),
    ("new", "Begin something new.", {
        "plugin": ("plugins:create_plugin", "Write a small plugin with its sentences, a migration and a test."),
    }),
    ("db", "The database's tables.", {
        "upgrade": ("db:upgrade_tables", "Bring the tables of the core and of every plugin up to date."),
        "current": ("db:show_current", "Show how far the tables are."),
        "copy": ("db:copy_database", "Copy everything into another database, from SQLite to PostgreSQL or back."),
    }),
    ("inbox", "What messengers delivered.", {
        "list": ("dead_letters:list_inbox_letters", "List what is not handled: dead letters, or what is still open."),
        "show": ("dead_letters:show_inbox_letter", "Show one delivery whole."),
        "retry": ("dead_letters:retry_inbox_letters", "Handle dead letters again."),
    }),
    ("outbox", "What the bot owes people.", {
        "list": ("dead_letters:list_outbox_letters", "List what is not sent: dead letters, or what is still open."),
        "show": ("dead_letters:show_outbox_letter", "Show one delivery whole."),
        "retry": ("dead_letters:retry_outbox_letters", "Send dead letters again."),
    }),
    ("audit", "Who decided what.", {
        "verify": ("audit:verify_log", "Check that no line of the audit log was changed or removed."),
        "prove": ("audit:prove_matter", "Write what the log says of one matter, for somebody else to check."),
        "check": ("audit:check_proof", "Check such a proof against a head that was posted."),
        "accept": ("audit:accept_loss", "Say in the log that lines are gone for good, and why."),
        "export": ("audit:export_log", "Write the audit log, one line an entry."),
    }),
)  # fmt: skip
"""Each noun with its summary and its verbs, as in SINGLE."""


def _read_version() -> str:
    from importlib.metadata import version

    return version("pendopo")


def explain_misuse(error: CycloptsError) -> str:
    """Explain a wrong use in one sentence, with the help to look at."""
    chain = tuple(error.command_chain or ())
    help_ = " ".join(["pendopo", *chain, "--help"])
    unused = tuple(getattr(error, "unused_tokens", None) or ())
    if isinstance(error, UnknownCommandError) and unused:
        said = f"there is no verb {unused[0]!r}{suggest_nearest(unused[0], _list_known(chain))}"
    elif isinstance(error, UnusedCliTokensError):
        said = f"{' '.join(map(repr, unused))} is too much"
    else:
        said = str(error)
    return f"{said if said.endswith('?') else said.rstrip('.') + '.'} See `{help_}`."


def _list_known(chain: Sequence[str]) -> list[str]:
    """List the verbs that may follow, from the tables: cyclopts would import the module of every one of them."""
    if chain:
        return [name for noun, _, names in NOUNS if noun == chain[0] for name in names]
    return [*SINGLE, *(noun for noun, _, _ in NOUNS)]
