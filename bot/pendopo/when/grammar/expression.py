"""Folds atoms into an expression, in which each piece has its place; nothing is resolved yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pendopo.when.grammar.nodes import (
    Atom,
    ClockNode,
    DateNode,
    DayPartNode,
    InvalidNode,
    Length,
    PrayerNode,
    RecurrenceNode,
    RelativeNode,
    WeekdayNode,
)
from pendopo.when.grammar.tokens import Token

_DATES = {"weekday", "night", "day", "date", "edge", "monthspan", "nth", "weekend", "workdays", "distance", "onward"}


@dataclass
class Endpoint:
    """One side of an expression: its day and its time of day."""

    days: dict[str, Atom] = field(default_factory=dict)
    rels: dict[str, int] = field(default_factory=dict)
    shift: Length | None = None
    clock: ClockNode | None = None
    until: ClockNode | None = None
    clocks: list[ClockNode] = field(default_factory=list)
    part: DayPartNode | None = None
    prayer: PrayerNode | None = None
    slot: str | None = None
    later: int = 0
    zone: int | None = None
    stamp: Atom | None = None
    now: bool = False
    limit: int = 0
    eve: bool = False
    since: bool = False

    @property
    def dated(self) -> bool:
        """Whether a day is said."""
        return bool(self.days or self.rels or self.shift or self.stamp or self.now)

    @property
    def timed(self) -> bool:
        """Whether a time of day is said."""
        return bool(self.clock or self.prayer or self.slot or self.part)

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return not self.dated and not self.timed and not self.later


@dataclass
class Expression:
    """An expression: one side, or two for a range, and what applies to both."""

    sides: list[Endpoint] = field(default_factory=lambda: [Endpoint()])
    open: bool = False
    between: bool = False
    every: RecurrenceNode | None = None
    weekdays: list[int] = field(default_factory=list)
    dates: list[DateNode] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    times: int = 0
    counted: bool = True
    duration: Length | None = None
    loose: bool = False
    begins: bool = False
    ends: bool = False
    offset: Length | None = None
    hminus: Length | None = None
    anchor_from: int = 0
    start: Endpoint | None = None
    """When a recurrence begins."""
    starting: bool = False
    """Whether the next day belongs to `start`."""
    atoms: list[Atom] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)
    """Kinds of atoms that the value does not hold."""

    @property
    def side(self) -> Endpoint:
        """The side that the next atom belongs to."""
        return self.start if self.start is not None and self.starting else self.sides[-1]

    @property
    def dated(self) -> bool:
        """Whether a day is said anywhere."""
        return any(side.dated for side in self.sides) or bool(self.weekdays or self.dates)

    @property
    def dated_otherwise(self) -> bool:
        """Whether a day is said beside a list of weekdays."""
        return bool(self.dates) or any(side.dated and side.days.keys() != {"weekday"} for side in self.sides)

    @property
    def timed(self) -> bool:
        """Whether a time of day is said anywhere."""
        return any(side.timed for side in self.sides)

    @property
    def special(self) -> bool:
        """Whether it is a recurrence or an offset."""
        return self.every is not None or self.offset is not None or self.hminus is not None


def fold_atoms(atoms: Sequence[Atom], tokens: Sequence[Token]) -> tuple[Expression, int]:
    """Fold adjacent atoms into an expression, up to one whose place is taken; returns how many were folded."""
    draft = Expression()
    for place, atom in enumerate(atoms):
        if not _place_atom(draft, atom, atoms[place + 1 : place + 2], tokens):
            return draft, place
        draft.atoms.append(atom)
    return draft, len(atoms)


def _place_atom(draft: Expression, atom: Atom, following: Sequence[Atom], tokens: Sequence[Token]) -> bool:
    if isinstance(atom.data, InvalidNode):
        return True
    if atom.kind in ("range", "from", "and", "or", "limit", "open"):
        return _apply_binding(draft, atom, following, tokens)
    if atom.kind in ("every", "weekdays", "datelist", "duration", "offset", "hminus"):
        return _set_whole(draft, atom, tokens)
    if atom.kind == "except":
        draft.excluded += atom.data
        return True
    if atom.kind == "times":
        draft.times, draft.counted = draft.times or atom.data, tokens[atom.i].kind == "during"
        return True
    if atom.kind in ("clock", "hours", "between", "part", "prayer", "slot", "later", "zone"):
        return _set_time(draft, atom)
    return _set_day(draft, atom)


def _apply_binding(draft: Expression, atom: Atom, following: Sequence[Atom], tokens: Sequence[Token]) -> bool:
    side = draft.side
    if atom.kind == "from" and following and len(draft.sides) > 1 and not draft.every:
        return False  # "sampai jam 16 mulai 24 Agustus": what begins then is another time
    if atom.kind == "from" and following and not draft.every:
        draft.begins = True
        side.since = side.since or (atom.data == "back" and not side.dated)
    if atom.kind == "open":
        draft.open = True
    elif atom.kind == "limit" and following:
        if following[0].kind in ("clock", "date", "weekday", "day", "rel", "edge"):
            side.limit = -1 if tokens[atom.i].kind == "before" else 1
    elif atom.kind == "from" and draft.duration:
        draft.loose = False
    elif atom.kind == "from" and draft.every and following and (not side.empty or _begins_daily(draft.every, following[0])):
        draft.start, draft.starting = Endpoint(), True
    elif atom.kind == "range" and following and (not side.empty or draft.every):
        _open_side(draft)
    elif atom.kind == "range" and following:
        draft.ends = True
    return True


def _open_side(draft: Expression) -> None:
    """What follows is the end of a range, or of a recurrence."""
    if draft.starting and draft.start is not None and draft.start.days.keys() == {"weekday"} and draft.sides[0].empty:
        draft.sides[0], draft.start = draft.start, None  # "setiap hari dari Senin sampai Jumat"
    draft.starting = False
    draft.sides.append(Endpoint())


_STARTS = {"weekday", "date", "day", "rel", "edge"}


def _begins_daily(every: RecurrenceNode, atom: Atom) -> bool:
    """Whether a day tells when "setiap hari" begins: "setiap hari mulai Senin"; "setiap Senin" is led in otherwise."""
    return every.unit in ("hari", "workday") and atom.kind in _STARTS


def _set_whole(draft: Expression, atom: Atom, tokens: Sequence[Token]) -> bool:
    if atom.kind == "every":
        if draft.every and draft.every.unit and atom.data.unit:
            return False
        draft.every = draft.every if draft.every and draft.every.unit else atom.data
        side = draft.sides[0]
        if draft.begins and len(draft.sides) == 1 and any(_begins_daily(atom.data, day) for day in side.days.values()):
            draft.start = Endpoint(days=side.days, rels=side.rels, shift=side.shift)  # "mulai Senin setiap hari"
            side.days, side.rels, side.shift = {}, {}, None
    elif atom.kind == "weekdays":
        draft.weekdays = draft.weekdays or atom.data
    elif atom.kind == "datelist":
        draft.dates = atom.data
    elif atom.kind == "duration":
        draft.duration = draft.duration or atom.data
        draft.loose = tokens[atom.i].kind != "during"
    elif atom.kind == "offset":
        draft.offset, draft.anchor_from = atom.data, atom.j
    else:
        draft.hminus, draft.anchor_from = atom.data, atom.j
    return True


def _set_time(draft: Expression, atom: Atom) -> bool:
    side = draft.sides[0] if draft.starting else draft.side
    if atom.kind == "clock":
        if side.clock and not draft.every:
            return False
        side.clocks.append(atom.data)
        side.clock = side.clock or atom.data
    elif atom.kind in ("hours", "between"):
        if side.clock:
            return False
        side.clock, side.until = atom.data
        draft.between = atom.kind == "between"
    elif atom.kind == "part":
        if side.part and (side.part.part != atom.data.part or side.part.tense is not None):
            return bool(side.part.part == atom.data.part)
        side.part = atom.data if not side.part or atom.data.tense is not None else side.part
    elif atom.kind == "later":
        side.later = atom.data
    elif side.__dict__.get(atom.kind) is not None:
        return False
    else:
        setattr(side, atom.kind, atom.data)
    return True


def _set_day(draft: Expression, atom: Atom) -> bool:
    side = draft.side
    if atom.kind == "dates":
        return _set_both_days(draft, side, atom)
    if atom.kind == "rel":
        rel: RelativeNode = atom.data
        if rel.unit in side.rels:
            return False
        side.rels[rel.unit] = rel.which
    elif atom.kind == "shift":
        if side.shift:
            return False
        side.shift = atom.data
    elif atom.kind == "now":
        side.now = True
    elif atom.kind == "stamp":
        side.stamp = atom
    elif atom.kind in _DATES:
        return _set_named_day(side, atom)
    return True


def _set_both_days(draft: Expression, side: Endpoint, atom: Atom) -> bool:
    """Set the ends of "24 s.d. 26 Agustus" on both sides; a weekday range before it may have made the second one."""
    if side.days.get("date") or draft.sides[0].days.get("date"):
        return False
    if len(draft.sides) == 1:
        draft.sides.append(Endpoint())
    first, last = (atom._replace(data=said) for said in atom.data)
    draft.sides[0].days["date"], draft.sides[1].days["date"] = first, last
    return True


def _set_named_day(side: Endpoint, atom: Atom) -> bool:
    held = side.days.get(atom.kind)
    if held and held.data != atom.data:
        return False
    if atom.kind == "weekday" and "day" in side.days and atom.data.which == 2:
        atom = atom._replace(data=WeekdayNode(atom.data.day))
    night = side.part is not None and side.part == DayPartNode("malam") and side.clock is None
    side.eve = side.eve or (atom.kind == "date" and night)
    side.days[atom.kind] = atom
    return True
