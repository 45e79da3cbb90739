"""Checks a plugin's code before it runs: the sentences it names, against its catalogues, and calls without `await`."""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from pendopo.errors import UserError, suggest_nearest
from pendopo.i18n import CORE_SENTENCES, LOCALES, SOURCE, find_fields, read_po
from pendopo.plugin import capabilities
from pendopo.plugin.context import Context
from pendopo.plugin.phrases import phrase
from pendopo.plugin.plugin import RESERVED, Plugin

_KEY = re.compile(r"([a-z_]\w*)(\.\w+)+")
_SPEAKING: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "reply": (0, Context.reply),
    "send": (1, Context.send),
    "notify": (1, Context.notify),
    "edit": (1, Context.edit),
    "update": (0, Context.update),
    "translate": (0, Context.translate),
    "deny": (1, Context.deny),
    "phrase": (0, phrase),
    "UserError": (0, UserError.__init__),
}
"""The calls that take a sentence's key and its arguments: where the key stands, and the signature with their own keywords."""
_NAMING = {"Phrase": (0,), "Button": (0,), "Prompt": (0,)}
"""The calls that take a key alone."""
_KEYWORDS = frozenset({"title", "offers", "refusal"})
"""Keywords of declarations that hold a key."""


def _list_coroutines() -> Iterator[str]:
    for name, member in vars(Context).items():
        capability = getattr(getattr(member, "fget", None), "__annotations__", {}).get("return")
        inner = vars(capability) if inspect.isclass(capability) and capability.__module__ == capabilities.__name__ else {}
        yield from (f"ctx.{name}.{each}" for each, function in inner.items() if inspect.iscoroutinefunction(function))
        if inspect.iscoroutinefunction(member):
            yield f"ctx.{name}"


_AWAITED = frozenset(_list_coroutines())
"""What must be awaited of a context, as code calls it."""


class PhraseUse(Struct, frozen=True):
    """A sentence that code names: where, by which call, and the arguments it gives; `given` is None where they are not told."""

    key: str
    place: str
    """The file and line, as editors and tracebacks write them."""
    call: str = ""
    given: frozenset[str] | None = None
    complete: bool = True
    """Whether these are all arguments: not so where a mapping is unpacked into the call."""
    instead: tuple[str, ...] = ()
    """The keys that the same call may name, this one among them: what one of them wants may be given to all."""


def check_code(plugin: Plugin) -> list[str]:
    """Returns what is wrong in a plugin's code, each with its file and line.

    Sentences are not looked at where the plugin has no catalogue at all.
    """
    try:
        return _check_plugin(plugin)
    except (OSError, ValueError, SyntaxError) as error:
        return [f"{plugin.path}: it cannot be read: {error}"]


def _check_plugin(plugin: Plugin) -> list[str]:
    sources = [(path, path.stat().st_mtime_ns) for path in _list_sources(plugin)]
    lost = [f"{place}: `await` is missing before {call}(…)" for each in sources for place, call in _list_unawaited(*each)]
    if not (plugin.path / "locale" / f"{SOURCE}.po").is_file():
        return lost
    known = {**_read_fields(CORE_SENTENCES), **_read_fields(plugin.path / "locale")}
    ours = (plugin.name, *RESERVED)
    uses = [use for each in sources for use in _read_uses(*each) if use.key.partition(".")[0] in ours]
    return lost + [f"{use.place}: {wrong}" for use in uses for wrong in _check_use(use, known)]


def _check_use(use: PhraseUse, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    if use.key not in known:
        yield f"there is no sentence {use.key!r}{suggest_nearest(use.key, sorted(known))}"
    elif use.given is not None:
        wanted, own = known[use.key], _list_keywords(use.call)
        for name in sorted(wanted & own):
            yield f"{use.key}: {name} is a keyword of {use.call}, so no sentence can have {{{name}}}: give it another name"
        any_wants = wanted.union(*(known.get(key, ()) for key in use.instead))
        for name in sorted(use.given - own - any_wants):
            yield f"{use.key} has no {{{name}}}{suggest_nearest(name, sorted(wanted | own))}"
        for name in sorted(wanted - own - use.given) if use.complete else ():
            yield f"{use.key} wants {{{name}}}, which is not given"


@lru_cache
def _list_keywords(call: str) -> frozenset[str]:
    parameters = inspect.signature(_SPEAKING[call][1]).parameters.values()
    return frozenset(each.name for each in parameters if each.kind in (each.KEYWORD_ONLY, each.POSITIONAL_OR_KEYWORD))


def _read_fields(folder: Path) -> dict[str, frozenset[str]]:
    """The sentences of a folder, with the arguments that any language names."""
    fields: dict[str, frozenset[str]] = {}
    for locale in LOCALES:
        path = folder / f"{locale}.po"
        for key, sentence in (read_po(path) if path.is_file() else {}).items():
            names = frozenset(field.partition(".")[0] for field in find_fields(sentence))
            fields[key] = fields.get(key, frozenset()) | names
    return fields


def _list_sources(plugin: Plugin) -> list[Path]:
    """The modules of a plugin: those of its package, else those in which its handlers stand."""
    if (plugin.path / "__init__.py").is_file():
        return [path for path in sorted(plugin.path.rglob("*.py")) if not path.name.startswith(("test_", "conftest."))]
    modules = {handler.__module__ for handler in plugin.list_handlers()}
    files = {getattr(sys.modules.get(name), "__file__", None) for name in modules}
    return sorted(Path(file) for file in files if file)


@lru_cache(maxsize=256)
def _list_unawaited(path: Path, changed: int) -> tuple[tuple[str, str], ...]:
    """Where a module calls a coroutine function of a context and drops what it returns, and by what name."""
    dropped = (node.value for node in ast.walk(_parse(path, changed)) if isinstance(node, (ast.Expr, ast.Assign)))
    calls = ((f"{path}:{call.lineno}", ast.unparse(call.func)) for call in dropped if isinstance(call, ast.Call))
    return tuple((place, name) for place, name in calls if name in _AWAITED)


@lru_cache(maxsize=256)
def _parse(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@lru_cache(maxsize=256)
def _read_uses(path: Path, changed: int) -> tuple[PhraseUse, ...]:
    tree = _parse(path, changed)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return tuple(use for call in calls for use in _iter_uses(call, constants, path))


def _iter_uses(call: ast.Call, constants: Mapping[str, ast.expr], path: Path) -> Iterator[PhraseUse]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = f"{path}:{call.lineno}"
    for keyword in call.keywords:
        if keyword.arg in _KEYWORDS:
            yield from (PhraseUse(key, place) for key in _list_keys(keyword.value, constants))
    if any(isinstance(each, ast.Starred) for each in call.args):
        return
    if name in _SPEAKING and len(call.args) > (at := _SPEAKING[name][0]):
        given = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
        complete = all(keyword.arg for keyword in call.keywords)
        keys = tuple(_list_keys(call.args[at], constants))
        yield from (PhraseUse(key, place, name, given, complete, keys) for key in keys)
    for at in _NAMING.get(name, ()):
        yield from (PhraseUse(key, place) for node in call.args[at : at + 1] for key in _list_keys(node, constants))


def _list_keys(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """The keys that an expression may be, as far as they are written out."""
    match node:
        case ast.Constant(value=str(key)) if _KEY.fullmatch(key):
            yield key
        case ast.IfExp():
            yield from _list_keys(node.body, constants)
            yield from _list_keys(node.orelse, constants)
        case ast.Name(id=name) if isinstance(constants.get(name), ast.Constant):
            yield from _list_keys(constants[name], constants)
