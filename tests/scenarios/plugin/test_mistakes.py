"""What an author may get wrong is named at start: which handler, where it stands, and what to do."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pendopo import Plugin
from pendopo.engine.routing.router import Router
from pendopo.errors import PluginError
from pendopo.i18n import Catalogues

HEAD = """
import functools
from decimal import Decimal
from pendopo import *
plugin = Plugin("salah", summary="Salah", policy="known")
def menghias(handler):
    @functools.wraps(handler)
    async def dihias(*args, **more):
        return await handler(*args, **more)
    return dihias
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "salah_di_sini").mkdir()
    yield tmp_path / "salah_di_sini"
    sys.modules.pop("salah_di_sini", None)


def load(folder: Path, code: str) -> Plugin:
    (folder / "__init__.py").write_text(
        HEAD + code.replace("COMMAND", "@plugin.command('a')\nasync def a").replace("HANDLER", "async def a(ctx: Context): ...")
    )
    spec = importlib.util.spec_from_file_location("salah_di_sini", folder / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["salah_di_sini"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plugin: Plugin = module.plugin
    return plugin


PO = '# a "note\n#~ msgid "x\nmsgid ""\nmsgstr ""\n"X: y\\n"\n\n'
MISTAKES = {
    "@plugin.command\nHANDLER": '@salah.command needs brackets: write @plugin.command("word")',
    "@plugin.action\nHANDLER": "@salah.action needs brackets: write @plugin.action()",
    "@plugin.job\nHANDLER": "@salah.job needs brackets: write @plugin.job()",
    "@plugin.startup\nHANDLER": "@salah.startup needs brackets: write @plugin.startup()",
    "COMMAND(ctx, n: float): ...": "no text can be read as n: float; use int, Decimal, Rupiah",
    "COMMAND(ctx, n: dict[str, int]): ...": "no text can be read as n: dict; use int, Decimal",
    "COMMAND(ctx, n): ...": "parameter n needs a type",
    "COMMAND(ctx, n: TidakAda): ...": None,
    "COMMAND(ctx, n: int = 'x'): ...": "'x' is no default for n",
    "COMMAND(ctx, n: Rupiah = 1.5): ...": "1.5 is no default for n",
    "COMMAND(ctx, n: int = True): ...": "True is no default for n",
    "COMMAND(ctx, n: RestOfText, m: RestOfText): ...": "n and m both take the rest of the text",
    "@plugin.command('a')\ndef a(ctx: Context): ...": "must be `async def`",
    "@menghias\nCOMMAND(ctx): ...": "a decorator stands above the plugin's own",
    "@plugin.command('a', policy='know')\nHANDLER": "nobody has declared the policy 'know'; did you mean 'known'?",
    "@plugin.command('/a')\nHANDLER": "nobody can type the command //a",
    "@plugin.command('a b c')\nHANDLER": "nobody can type the command /a b c",
    "@plugin.command('batal')\nHANDLER": "the command /batal belongs to the dialogs already",
    "COMMAND(ctx): ...\n@plugin.action()\nHANDLER": "salah.a is declared twice",
    "@plugin.job(cron='0 7 * * *')\nHANDLER": "salah.a runs by cron, for nobody",
    "@plugin.command('a', policy='x')\nHANDLER\n@plugin.policy('x')\nasync def x(ctx, nomer): ...": "looks at nomer",
}


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_is_named_with_its_place(folder: Path, code: str) -> None:
    with pytest.raises((PluginError, NameError)) as refused:
        Router([load(folder, code)])
    said, why = str(refused.value), MISTAKES[code]
    if why is None:
        assert "TidakAda" in said
    else:
        assert why in said
        assert "(salah_di_sini/__init__.py:1" in said


@pytest.mark.parametrize(
    "code",
    [
        "@plugin.command('a')\n@menghias\nHANDLER",
        "COMMAND(ctx, n: int = 2, m: RestOfText = ''): ...",
        "COMMAND(ctx, n: int | None = None, m: bool = True): ...",
        "COMMAND(ctx, n: Rupiah = Decimal(5), m: Decimal = 5): ...",
        "@plugin.command('a', policy='x')\nHANDLER\n@plugin.policy('x')\nasync def x(ctx): return True",
    ],
)
def test_what_is_right_is_taken(folder: Path, code: str) -> None:
    assert "salah.a" in Router([load(folder, code)]).routes


@pytest.mark.parametrize("line", ['msgid "kas.rusa', "msgid kas.rusa", 'msgstr "terbuka'])
def test_a_catalogue_with_an_open_quote_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "id.po").write_text(f'msgid ""\nmsgstr ""\n\nmsgid "kas.ada"\nmsgstr "ada"\n\n{line}\n')
    with pytest.raises(PluginError, match=r"id\.po:7: a quote is missing"):
        Catalogues().add_folder(tmp_path)


def test_a_catalogue_with_quotes_inside_is_taken(tmp_path: Path) -> None:
    (tmp_path / "id.po").write_text(
        '# a "note\n#~ msgid "x\nmsgid ""\nmsgstr ""\n"X: y\\n"\n\nmsgid "kas.ada"\nmsgstr "kata \\"ya\\"" \n'
    )
    made = Catalogues()
    made.add_folder(tmp_path)
    assert made.has_key("kas.ada")
