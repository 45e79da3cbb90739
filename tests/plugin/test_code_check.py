"""Sentences that code names are checked against the catalogues, with file and line."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pendopo import Plugin
from pendopo.plugin.code_check import check_code

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
WORDS = {
    "kas.catat": "nomor {nomor}, {jumlah}",
    "kas.kosong": "Kas kosong.",
    "kas.nama": "{izin.nomor} oleh {siapa}",
    "kas.berkas": "berkas {file} untuk {chat}",
    "kas.tombol": "Setuju",
}
CODE = """
from pendopo import Button, Context, Plugin, UserError, phrase
plugin = Plugin("kas", summary="Kas", policy="known")
TETAP = "kas.kosong"
ARGS = {"nomor": 1, "jumlah": 2}
@plugin.command("kas")
async def kas(ctx: Context) -> None:
    LINE
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "kas_di_sini"
    (folder / "locale").mkdir(parents=True)
    for locale in ("id", "en"):
        text = PO + "\n".join(f'msgid "{key}"\nmsgstr "{value}"\n' for key, value in WORDS.items())
        (folder / "locale" / f"{locale}.po").write_text(text)
    yield folder
    sys.modules.pop("kas_di_sini", None)


def check(home: Path, line: str) -> list[str]:
    """What is wrong with a plugin whose handler has this line, without the folder."""
    (home / "__init__.py").write_text(CODE.replace("LINE", line))
    spec = importlib.util.spec_from_file_location("kas_di_sini", home / "__init__.py", submodule_search_locations=[str(home)])
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["kas_di_sini"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plugin: Plugin = module.plugin
    return [found.removeprefix(f"{home}/") for found in check_code(plugin)]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("await ctx.reply('kas.kosng')", "there is no sentence 'kas.kosng'; did you mean 'kas.kosong'?"),
        ("await ctx.send(ctx.chat, 'kas.hilang_sama_sekali_ini')", "there is no sentence 'kas.hilang_sama_sekali_ini'"),
        ("raise UserError('kas.kosongg')", "there is no sentence 'kas.kosongg'; did you mean 'kas.kosong'?"),
        ("phrase('umum.iya')", "there is no sentence 'umum.iya'; did you mean 'umum.ya'?"),
        ("Button('kas.tombl', kas)", "there is no sentence 'kas.tombl'; did you mean 'kas.tombol'?"),
        ("await ctx.reply('kas.kosong' if ctx.sender else 'kas.koson')", "there is no sentence 'kas.koson'"),
        ("await ctx.reply('kas.catat', nomr=1, jumlah=2)", "kas.catat has no {nomr}; did you mean 'nomor'?"),
        ("await ctx.reply('kas.kosong', button=[])", "kas.kosong has no {button}; did you mean 'buttons'?"),
        ("await ctx.reply('kas.catat', jumlah=2)", "kas.catat wants {nomor}, which is not given"),
        ("await ctx.notify(ctx.person, 'kas.catat')", "kas.catat wants {jumlah}, which is not given"),
        ("await ctx.reply('kas.berkas', chat='a', file='b')", "kas.berkas: file is a keyword of reply"),
        ("await ctx.edit('k', 'kas.berkas', chat='a', file='b')", "kas.berkas: chat is a keyword of edit"),
        ("ctx.reply('kas.kosong')", "`await` is missing before ctx.reply(…)"),
        ("row = ctx.save(ctx)", "`await` is missing before ctx.save(…)"),
        ("x = ctx.files.make_document('a', b'', 'b')", "`await` is missing before ctx.files.make_document(…)"),
        ("await ctx.reply('kas.nama', siapa=1)", "kas.nama wants {izin}, which is not given"),
    ],
)
def test_a_wrong_sentence_is_named_with_its_place_and_the_cure(home: Path, line: str, wrong: str) -> None:
    found = check(home, line)
    assert found
    assert any(each.startswith(f"__init__.py:8: {wrong}") for each in found), found


@pytest.mark.parametrize(
    "line",
    [
        "await ctx.reply('kas.catat', nomor=1, jumlah=2)",
        "await ctx.reply('kas.catat', **ARGS)",
        "await ctx.reply('kas.catat', nomor=1, **ARGS)",
        "await ctx.reply(TETAP, buttons=[Button('kas.tombol', kas)])",
        "await ctx.reply('kas.catat' if ctx.sender else 'kas.kosong', nomor=1, jumlah=2)",
        "raise UserError('kas.kosong', param='jumlah')",
        "phrase('kas.berkas', file='a', chat='b')",
        "await ctx.send(ctx.chat, 'kas.nama', izin=1, siapa=2, quoting='x', document=None)",
        "await asyncio.gather(ctx.reply('kas.kosong'), ctx.quoted_text())",
        "ctx.acknowledge_press(); ctx.at(ctx.today); ctx.group('x')",
        "return await ctx.reply('kas.kosong')",
        "later = [ctx.reply('kas.kosong')]",
        "ctx.audit('kas.tidak_ada_di_katalog')",
        "{}.update({'kas.apa': 1}) or print('kas.apa.saja')",
        "await ctx.reply(str(ctx.now))",
        "await ctx.reply('lain.plugin')",
    ],
)
def test_right_code_is_left_alone(home: Path, line: str) -> None:
    assert check(home, line) == []


def test_a_plugin_without_a_catalogue_is_left_alone(home: Path) -> None:
    for path in (home / "locale").iterdir():
        path.unlink()
    assert check(home, "await ctx.reply('kas.kosng')") == []
