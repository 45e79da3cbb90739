"""The signature is the grammar: a handler's parameters say how the words a person types are read.

An annotation becomes an `ArgumentType`; `bind_arguments` reads a text with those of a whole signature. What can stand anywhere
(times, mentions) is cut out first, positional arguments then take word by word, and `RestOfText` gets the rest.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from pendopo import when
from pendopo.directory import People
from pendopo.errors import PluginError
from pendopo.model import Document, Location, Person, Photo, Post, Unit
from pendopo.plugin.arguments.argument_types import (
    ArgumentProblem,
    ArgumentType,
    ChoiceKind,
    DecimalKind,
    FilesKind,
    IntKind,
    LocationKind,
    ParseContext,
    PlaceKind,
    RestKind,
    RestRole,
    RupiahKind,
    TextKind,
    TruthKind,
    WhenKind,
    WordKind,
)
from pendopo.plugin.arguments.directory_arguments import MarkedPostKind, PersonKind, PostKind, UnitKind


class _RestMarker(msgspec.Struct, frozen=True):
    """Marks the parameter that takes all words left by the others."""

    role: RestRole = RestRole.WORDS


RestOfText = Annotated[str, _RestMarker()]
"""All words that the other arguments left, such as the reason of a refusal."""
Note = Annotated[str, _RestMarker(RestRole.NOTE)]
"""Words beside a decision ("setuju, sampai pukul 12"): read back before they count. Give it the default ""."""
Inquiry = Annotated[str, _RestMarker(RestRole.INQUIRY)]
"""A question to somebody: a question typed under the message with this button is offered to be asked."""
Answer = Annotated[str, _RestMarker(RestRole.ANSWER)]
"""An answer to a person's question: where its button is the only one of a message, any text that quotes it is the answer."""


class _RupiahMarker(msgspec.Struct, frozen=True):
    """Marks a number that is an amount of money."""


Rupiah = Annotated[Decimal, _RupiahMarker()]
"""An amount of money: `250rb`, `1,5 jt`, `Rp 75.000,-`, `dua ratus ribu`. Read whole, or asked for."""


class Prompt(msgspec.Struct, frozen=True):
    """The question for a missing argument: `Annotated[RestOfText, Prompt("izin.tanya_keperluan")]`."""

    key: str


class After:
    """Marks a post that stands behind one of these words only: `Annotated[Post | None, After("untuk", "sebagai")]`."""

    def __init__(self, *words: str) -> None:
        self.words = words


class Param(msgspec.Struct, frozen=True):
    """A parameter of a handler: its name and type, whether it is required, and its question."""

    name: str
    kind: ArgumentType
    required: bool
    default: Any = None
    question: str = ""


class IgnoreDoubts:
    """Takes a time without asking about these doubts of its reading: `Annotated[Day, IgnoreDoubts("passed")]`.

    Whatever else is in doubt is asked; the reasons are those of `pendopo.when.Reason`.
    """

    def __init__(self, *reasons: when.Reason) -> None:
        self.reasons = reasons


class BoundArguments(msgspec.Struct):
    """The arguments read from a text: `values` by name, parameters still `missing`, and what is wrong with some of them."""

    values: dict[str, Any] = {}
    missing: list[Param] = []
    trouble: dict[str, ArgumentProblem] = {}


def read_signature(handler: Callable[..., Any]) -> tuple[Param, ...]:
    """Reads the parameters of a handler after its context. Raises `PluginError` on one that no text can fill."""
    hints = get_type_hints(handler, include_extras=True)
    parameters = list(inspect.signature(handler).parameters.values())
    if not inspect.iscoroutinefunction(handler) or not parameters:
        raise PluginError(f"{handler.__qualname__} must be `async def` and take the context first")
    return tuple(_read_param(handler, item, hints) for item in parameters[1:])


def _read_param(handler: Callable[..., Any], item: inspect.Parameter, hints: Mapping[str, Any]) -> Param:
    if item.name not in hints or item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD):
        raise PluginError(f"{handler.__qualname__}: parameter {item.name} needs a type, and *args are not possible")
    annotation, question = hints[item.name], ""
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, Prompt):
            question = extra.key
    has_default = item.default is not inspect.Parameter.empty
    try:
        kind, optional = _resolve_kind(annotation)
    except TypeError as error:
        said = getattr(annotation, "__name__", annotation)
        raise PluginError(f"{handler.__qualname__}: no text can be read as {item.name}: {said}; use {READABLE}") from error
    if has_default and item.default is not None:
        _check_default(handler, item, kind)
    return Param(item.name, kind, not (has_default or optional), item.default if has_default else None, question)


READABLE = (
    "int, Decimal, Rupiah, bool, str, an Enum, a Literal, When or a kind of it, Person, Post, Unit, Photo, Document, Location, "
    "RestOfText, or one of them or None"
)
"""The types of parameters, for whoever used another one."""
_DEFAULTS: Mapping[type[ArgumentType], type | tuple[type, ...]] = {
    IntKind: int,
    TruthKind: bool,
    DecimalKind: (Decimal, int),
    RupiahKind: (Decimal, int),
    WordKind: str,
    RestKind: str,
}


def _check_default(handler: Callable[..., Any], item: inspect.Parameter, kind: ArgumentType) -> None:
    """Raises `PluginError` for a default that the parameter's own type would refuse."""
    wanted = _DEFAULTS.get(type(kind), object)
    if not isinstance(item.default, wanted) or (isinstance(item.default, bool) and type(kind) is not TruthKind):
        raise PluginError(f"{handler.__qualname__}: {item.default!r} is no default for {item.name}: {item.annotation}")


WHEN_TYPES = frozenset(get_args(when.When))
SIMPLE_KINDS: Mapping[Any, Callable[[], ArgumentType]] = {
    int: IntKind,
    str: WordKind,
    bool: TruthKind,
    Decimal: DecimalKind,
    Person: PersonKind,
    Post: PostKind,
    Unit: UnitKind,
    Location: LocationKind,
    Photo: lambda: FilesKind((Photo,), many=False),
    Document: lambda: FilesKind((Document,), many=False),
}


def _resolve_kind(annotation: Any) -> tuple[ArgumentType, bool]:
    """Returns the argument type of an annotation, and whether it allows None."""
    if get_origin(annotation) is Annotated:
        return _resolve_annotated(annotation)
    if annotation in SIMPLE_KINDS:
        return SIMPLE_KINDS[annotation](), False
    if annotation in WHEN_TYPES:
        return WhenKind((annotation,)), False
    if get_origin(annotation) is Literal:
        return ChoiceKind({str(value): value for value in get_args(annotation)}), False
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ChoiceKind({member.value: member for member in annotation}), False
    if get_origin(annotation) in (list, Sequence):
        return _list_kind(annotation), False
    if get_origin(annotation) in (Union, UnionType):
        return _union_kind(annotation)
    raise TypeError(annotation)


def _resolve_annotated(annotation: Any) -> tuple[ArgumentType, bool]:
    inner, *extras = get_args(annotation)
    role = next((extra.role for extra in extras if isinstance(extra, _RestMarker)), None)
    if role:
        return RestKind(role), False
    if any(isinstance(extra, _RupiahMarker) for extra in extras):
        return RupiahKind(), False
    kind, optional = _resolve_kind(inner)
    ignored = [reason for extra in extras if isinstance(extra, IgnoreDoubts) for reason in extra.reasons]
    if ignored and isinstance(kind, WhenKind):
        return kind.with_ignored(ignored), optional
    marked = next((extra for extra in extras if isinstance(extra, After)), None)
    return (MarkedPostKind(marked.words) if marked and isinstance(kind, PostKind) else kind), optional


def _list_kind(annotation: Any) -> ArgumentType:
    item = get_args(annotation)[0]
    types = get_args(item) or (item,)
    if {Photo, Document}.issuperset(types):
        return FilesKind(types, many=True)
    raise TypeError(annotation)


def _union_kind(annotation: Any) -> tuple[ArgumentType, bool]:
    members = [member for member in get_args(annotation) if member is not NoneType]
    optional = len(members) < len(get_args(annotation))
    if all(member in WHEN_TYPES for member in members):
        return WhenKind(tuple(members)), optional
    if set(members) == {Location, str}:
        return PlaceKind(), optional
    if len(members) == 1:
        return _resolve_kind(members[0])[0], optional
    raise TypeError(annotation)


def bind_arguments(
    params: Sequence[Param], text: str, around: ParseContext, known: Mapping[str, Any] | None = None
) -> BoundArguments:
    """Reads a text by a signature; `known` values are taken as they are."""
    bound = BoundArguments(dict(known or {}))
    left = text
    wanted = [param for param in params if param.name not in bound.values]
    if len(wanted) > 1:
        wanted.sort(key=lambda param: param.kind.order)
    for param in wanted:
        left = _parse_param(param, left, around, bound)
    if len(bound.missing) > 1:
        bound.missing.sort(key=list(params).index)
    return bound


def bind_answer(param: Param, text: str, around: ParseContext) -> BoundArguments:
    """Reads the answer to one question: a plain word parameter takes all of it."""
    bound = BoundArguments()
    kind = TextKind() if isinstance(param.kind, WordKind) else param.kind
    _parse_param(Param(param.name, kind, True, None, param.question), text, around, bound)
    return bound


def _parse_param(param: Param, text: str, around: ParseContext, bound: BoundArguments) -> str:
    value, left = param.kind.parse_text(text, around)
    if isinstance(value, ArgumentProblem):
        bound.trouble[param.name] = value
        bound.missing.append(param)
    elif value is not None:
        bound.values[param.name] = value
        return left
    elif param.required:
        bound.missing.append(param)
    else:
        bound.values[param.name] = param.default
        return text
    return left


def dump_arguments(params: Sequence[Param], values: Mapping[str, Any]) -> dict[str, Any]:
    """Encodes values as JSON-able data, to wait in a dialog, a button or a job."""
    kinds = {param.name: param.kind for param in params}
    return {name: None if value is None else kinds[name].dump_value(value) for name, value in values.items()}


def load_arguments(params: Sequence[Param], data: Mapping[str, Any], people: People) -> dict[str, Any]:
    """Decodes what `dump_arguments` encoded. Raises `ValueError` when the signature no longer fits."""
    kinds = {param.name: param.kind for param in params}
    try:
        return {name: None if value is None else kinds[name].load_value(value, people) for name, value in data.items()}
    except (LookupError, TypeError, ArithmeticError, msgspec.MsgspecError) as error:
        raise ValueError(f"what was put away no longer fits: {error}") from error


__all__ = [
    "After",
    "Answer",
    "BoundArguments",
    "IgnoreDoubts",
    "Inquiry",
    "Note",
    "Param",
    "ParseContext",
    "Prompt",
    "RestOfText",
    "Rupiah",
    "bind_answer",
    "bind_arguments",
    "dump_arguments",
    "load_arguments",
    "read_signature",
]
