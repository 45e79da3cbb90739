"""Stages three and four: joins atoms into expressions, and makes the most complete expression the reading."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec

from pendopo.when.grammar.expression import Expression, fold_atoms
from pendopo.when.grammar.nodes import Atom, DateNode, InvalidNode
from pendopo.when.grammar.tokens import Token
from pendopo.when.lexicon import names
from pendopo.when.resolve.accounting import find_unused
from pendopo.when.resolve.ranges import resolve_value
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.values import (
    ApproximateTime,
    DateRange,
    Day,
    DayMismatchError,
    Duration,
    Instant,
    NoSuchDateError,
    Reading,
    Reason,
    Recurrence,
    TimeRange,
    WeekdayMismatchError,
    When,
    WhenError,
)

_GAP = {"comma", "paren", "slash", "dot", "nl", "soft", "hari", "tgl", "pukul", "jam", "punct", "this", "exact", "at"}
"""Kinds of tokens that may stand between the atoms of one expression."""


class FoundExpression(NamedTuple):
    """A resolved expression; `pieces` are its runs of tokens."""

    draft: Expression
    pick: Pick | WhenError
    pieces: tuple[tuple[int, int], ...]

    @property
    def rank(self) -> int:
        """How complete it is: a recurrence or offset beats a day with a clock, which beats either alone."""
        if isinstance(self.pick, Pick) and isinstance(self.pick.value, Duration):
            return 0
        if isinstance(self.pick, NoSuchDateError):  # it is better to refuse than to act on the valid half
            return 3
        return 1 + 2 * self.draft.special + self.draft.dated + self.draft.timed


def read_best(tokens: Sequence[Token], atoms: Sequence[Atom], here: Reference) -> Reading | WhenError | None:
    """The reading of the most complete expression, with the other expressions in `others`."""
    drafts = _join_expressions(_build_expressions(atoms, tokens), tokens)
    found = [entry for draft in drafts if (entry := _resolve_expression(draft, tokens, here))]
    if not found:
        return None
    found = _join_days(found, tokens)
    current = found if len(found) == 1 else _drop_former(found, tokens) or found
    best = max(current, key=lambda entry: entry.rank)
    if isinstance(best.pick, WhenError):
        best.pick.pieces, best.pick.span = _to_char_spans(best.pieces, tokens)
        return best.pick
    reading = _make_reading(best, best.pick, [entry for entry in found if entry is not best and entry.rank], tokens, here)
    return reading if len(current) == len(found) else msgspec.structs.replace(reading, assumed=(*reading.assumed, "changed"))


def _drop_former(found: list[FoundExpression], tokens: Sequence[Token]) -> list[FoundExpression]:
    """The expressions without those that no longer hold: "semula Selasa … menjadi Rabu …"."""
    marks = [i for i, token in enumerate(tokens) if token.word in names.CHANGED]
    former = [i for i, token in enumerate(tokens) if token.word in names.FORMERLY]
    if not marks and not former:
        return found
    places = [entry.pieces[0][0] for entry in found]
    kept = []
    for entry, place in zip(found, places, strict=True):
        replaced = any(place < mark < later for mark in marks for later in places)
        replaced = replaced or (_is_moved(entry, tokens) and any(later > place for later in places))
        led = any(0 < place - mark <= _NEAR_MARK for mark in former) and any(later > place for later in places)
        if not replaced and not led:
            kept.append(entry)
    return kept


def _is_moved(entry: FoundExpression, tokens: Sequence[Token]) -> bool:
    """Whether it is what something was moved from: "dipindah dari Kamis ke Jumat"."""
    first = entry.pieces[0][0]
    return first > 0 and tokens[first].kind == "from" and tokens[first - 1].word in names.CHANGED


_NEAR_MARK = 4
"""Tokens between "semula" and the time that it speaks of."""


def _join_days(found: list[FoundExpression], tokens: Sequence[Token]) -> list[FoundExpression]:
    """Join "Kamis, 27 Agustus dan Jumat, 28 Agustus" to the days from the first to the last, each offered too."""
    if len(found) < 2:
        return found
    days = [entry.pick.value.on for entry in found if isinstance(entry.pick, Pick) and isinstance(entry.pick.value, Day)]
    gaps = [tokens[one.pieces[-1][1] : two.pieces[0][0]] for one, two in pairwise(found)]
    bound = all(gap and all(token.kind in _BETWEEN_DAYS for token in gap) for gap in gaps)
    if len(days) != len(found) or not bound or any(b - a != timedelta(days=1) for a, b in pairwise(days)):
        return found
    unused = [entry for entry in found if isinstance(entry.pick, Pick) and (entry.pick.others or entry.draft.unused)]
    if unused:
        return found
    pick = Pick(DateRange(days[0], days[-1]), ("several",), tuple(Day(day) for day in days))
    return [FoundExpression(found[0].draft, pick, ((found[0].pieces[0][0], found[-1].pieces[-1][1]),))]


_BETWEEN_DAYS = {"and", "comma", "paren", "hari", "tgl", "soft"}


def _make_reading(
    best: FoundExpression, pick: Pick, rest: list[FoundExpression], tokens: Sequence[Token], here: Reference
) -> Reading:
    pieces, span = _to_char_spans(best.pieces, tokens)
    dated = "date" in best.draft.sides[0].days  # "tgl 11 jam 9", said on the 12th, may look back
    likely = [other for other in pick.others if dated or not _is_over(other, here) or _is_over(pick.value, here)]
    others = [*likely, *(entry.pick.value for entry in rest if isinstance(entry.pick, Pick))]
    reasons: list[Reason] = list(pick.assumed)
    if len(others) > len(likely):
        reasons.append("several")
    shown = [entry for entry in (best, *rest) if isinstance(entry.pick, Pick)]
    unread = _find_unread(tokens, [piece for entry in shown for piece in entry.pieces], isinstance(pick.value, Recurrence))
    unread |= {place for entry in shown for place in _list_unused(entry.draft)}
    lost = find_unused(best.draft, pick, tokens, here, _find_anchor(best.draft, tokens)[0])
    unread |= {place for atom in lost for place in range(atom.i, atom.j)}
    if len(best.draft.sides) > 1 and _is_moved(best, tokens):  # "moved from Thursday to Friday" is no range
        unread |= {place for i, j in best.pieces for place in range(i, j)}
    if unread:
        reasons.append("unread")
    distinct = [other for place, other in enumerate(others) if other != pick.value and other not in others[:place]]
    bound = _find_bound(best.draft, pick.value)
    places = _join_places(unread, tokens)
    return Reading(pick.value, span, tuple(dict.fromkeys(reasons)), tuple(distinct), pieces, unread=places, bound=bound)


def _find_bound(draft: Expression, value: When) -> Literal["", "from", "until"]:
    """Whether only a beginning or only an end was said."""
    if len(draft.sides) > 1 or not isinstance(value, Day | Instant | ApproximateTime):
        return ""
    if draft.sides[0].limit and not isinstance(value, Day):  # "sebelum jam 10", "setelah jam 13"
        return "until" if draft.sides[0].limit < 0 else "from"
    return "until" if draft.ends else "from" if draft.begins else ""


def _list_unused(draft: Expression) -> set[int]:
    """The tokens of an expression that its value does not hold."""
    return {place for atom in draft.atoms if atom.kind in draft.unused for place in range(atom.i, atom.j)}


def _join_places(places: set[int], tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """Places in the text of tokens, those beside each other as one."""
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        start = runs.pop()[0] if runs and runs[-1][1] == place else place
        runs.append((start, place + 1))
    return tuple((tokens[i].start, tokens[j - 1].end) for i, j in runs)


def _is_over(value: When, here: Reference) -> bool:
    """Whether a moment is past; days never count as past, since "5 Agustus" may look back."""
    return isinstance(value, Instant | ApproximateTime) and (value.at if isinstance(value, Instant) else value.end) <= here.now


_BINDING = {"minus", "plus", "half", "quarter", "workday", "ord", "every", "once", "edge"}
_CLOCKS = {"hm", "pukul", "jam", "ymd", "dm", "stamp", "wday", "day", "yday", "tonight", "noon"}


def _find_unread(tokens: Sequence[Token], pieces: Sequence[tuple[int, int]], repeats: bool) -> set[int]:
    """The words of time that were left over: it is better to ask than to drop the hour of "besok jam set 9"."""
    inside = {place for i, j in pieces for place in range(i, j)}
    beside = {place for i, j in pieces for place in (i - 1, j)}
    unread = {
        place
        for place in range(len(tokens))
        if place not in inside
        and (
            tokens[place].kind in _CLOCKS
            or (place in beside and tokens[place].kind in _BINDING and _binds(tokens, place, inside))
            or (tokens[place].kind in _UNITS and _is_length(tokens, place))
            or (tokens[place].kind in ("num", "hm") and place - 1 in beside and tokens[place - 1].kind == "dash")
            or (tokens[place].kind == "except" and _is_exception(tokens, place, repeats))
        )
    }
    return unread | {j for place in unread for j in _find_belonging(tokens, place)}


def _binds(tokens: Sequence[Token], place: int, inside: set[int]) -> bool:
    """Whether a word that may bind a time does so here: "jam 9 lewat", "Senin ke-2"; not "HUT ke 81", "pulang lebih awal"."""
    before = tokens[place - 1] if place else None
    if tokens[place].kind in ("edge", "plus", "minus"):
        return place - 1 in inside
    if tokens[place].kind == "ord":
        counted = place > 1 and tokens[place - 2].kind == "num"
        return before is not None and before.kind in ("wday", "minggu", "pekan", "hari") and not counted
    return True


_UNITS = {"hari", "workday", "minggu", "pekan", "bulan", "tahun", "jam", "hour", "menit"}


def _find_belonging(tokens: Sequence[Token], place: int) -> range:
    """The tokens that belong to one that was left over: the number of a unit, what is excepted."""
    if tokens[place].kind in ("jam", "pukul") and not _is_length(tokens, place):
        return range(place + 1, min(place + 3, len(tokens)))
    if tokens[place].kind in _UNITS:
        return range(place - 1, place)
    end = place + 1
    while tokens[place].kind == "except" and end < min(len(tokens), place + 4) and tokens[end].kind in _EXCEPTED:
        end += 1
    return range(place + 1, end)


def _is_length(tokens: Sequence[Token], place: int) -> bool:
    """Whether a unit left over ends a length: "dinas 3 hari". "usia 5 tahun" and "3 bulan terakhir" only describe."""
    if not place or tokens[place - 1].kind not in ("num", "dec", "half", "quarter", "junk"):
        return False
    if tokens[place - 1].kind == "junk" and not tokens[place - 1].word.isdigit():
        return False
    lead = tokens[place - 2].word if place > 1 else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    return lead not in names.STATES and not (after and (after.kind == "ord" or after.word in names.DESCRIBING))


def _is_exception(tokens: Sequence[Token], place: int, repeats: bool) -> bool:
    """Whether an exception is one of times; days off are the caller's business where a time repeats."""
    following = tokens[place + 1 : place + 4]
    if any(token.word in names.DAYS_OFF for token in following):
        return not repeats
    return bool(following) and (following[0].kind in _EXCEPTED or (following[0].kind == "hari" and len(following) > 1))


_EXCEPTED = {"wday", "minggu", "tgl", "num", "day", "yday", "part", "month", "edge", "weekend", "dm", "ymd", "prayer", "bulan"}


def _to_char_spans(
    pieces: Sequence[tuple[int, int]], tokens: Sequence[Token]
) -> tuple[tuple[tuple[int, int], ...], tuple[int, int]]:
    places = tuple((tokens[i].start, tokens[j - 1].end) for i, j in pieces)
    return places, (min(start for start, _ in places), max(end for _, end in places))


# --- which atoms belong together --------------------------------------------------------------------------------------


def _cluster_atoms(atoms: Sequence[Atom], tokens: Sequence[Token]) -> list[list[Atom]]:
    """Separate the atoms where words that belong to no time stand between them."""
    clusters: list[list[Atom]] = []
    for atom in atoms:
        last = clusters[-1][-1] if clusters else None
        if last and all(token.kind in _GAP for token in tokens[last.j : atom.i]):
            clusters[-1].append(atom)
        else:
            clusters.append([atom])
    return clusters


def _build_expressions(atoms: Sequence[Atom], tokens: Sequence[Token]) -> list[Expression]:
    drafts: list[Expression] = []
    for cluster in _cluster_atoms(atoms, tokens):
        runs = [_fold_run(run, tokens) for run in _split_runs(_drop_greeting(_drop_dashes(cluster, tokens), tokens))]
        for run, following in pairwise(runs):
            _lend_clock(run[-1:], following[:1])
        for run in runs:
            for place in range(len(run) - 1, 0, -1):
                _lend_clock(run[place - 1 : place], run[place : place + 1])
        drafts += [draft for run in runs for draft in run]
    return drafts


def _lend_clock(first: list[Expression], second: list[Expression]) -> None:
    """Give the clock of "besok atau lusa jam 9" to both days."""
    for one, two in zip(first, second, strict=False):
        if one.dated and not one.timed and two.dated and two.sides[0].clock:
            one.sides[0].clock, one.sides[0].part = two.sides[0].clock, two.sides[0].part


def _split_runs(cluster: list[Atom]) -> list[list[Atom]]:
    """Split a cluster at "atau"."""
    runs: list[list[Atom]] = [[]]
    for atom in cluster:
        if atom.kind == "or":
            runs.append([])
        else:
            runs[-1].append(atom)
    return [run for run in runs if run]


def _drop_greeting(cluster: list[Atom], tokens: Sequence[Token]) -> list[Atom]:
    """Drop the greeting of "Pagi, besok jam 9 rapat"."""
    first = cluster[0]
    greeting = first.kind == "part" and first.data.tense is None and len(cluster) > 1 and first.i == 0
    return cluster[1:] if greeting and tokens[first.j].kind in ("comma", "nl", "dot") else cluster


def _drop_dashes(cluster: list[Atom], tokens: Sequence[Token]) -> list[Atom]:
    """Drop a dash that only separates a day from its hour: "Senin - jam 9"."""
    kept: list[Atom] = []
    for place, atom in enumerate(cluster):
        before = cluster[place - 1].kind if place else ""
        after = cluster[place + 1].kind if place + 1 < len(cluster) else ""
        dash = atom.kind == "range" and tokens[atom.i].kind == "dash"
        if not (dash and (_is_clock(after) != _is_clock(before)) and not (_is_clock(before) and after)):
            kept.append(atom)
    return kept


def _is_clock(kind: str) -> bool:
    return kind in ("clock", "hours", "between", "prayer")


def _fold_run(run: list[Atom], tokens: Sequence[Token]) -> list[Expression]:
    """Fold a run into expressions; a new one begins at an atom whose place is taken."""
    drafts: list[Expression] = []
    while run:
        draft, taken = fold_atoms(run, tokens)
        drafts.append(draft)
        run = run[max(taken, 1) :]
    return drafts


def _join_expressions(drafts: list[Expression], tokens: Sequence[Token]) -> list[Expression]:
    """Join a day and a clock from different places in the sentence: "besok ada rapat jam 9"."""
    dated = [draft for draft in drafts if (draft.dated or draft.every) and not (draft.timed or draft.offset or draft.hminus)]
    timed = [draft for draft in drafts if _is_only_time(draft)]
    if len(dated) == 1 and len(timed) == 1 and not any(draft.dated and draft.timed for draft in drafts):
        drafts = [draft for draft in drafts if draft is not timed[0]]
        _absorb_time(dated[0], timed[0])
    distant = [draft for draft in drafts if draft.hminus and not draft.timed]
    if len(distant) == 1 and len(timed) == 1 and not dated:
        drafts = [draft for draft in drafts if draft is not timed[0]]
        _absorb_time(distant[0], timed[0])
    return _join_details(drafts, tokens)


def _join_details(drafts: list[Expression], tokens: Sequence[Token]) -> list[Expression]:
    """Join a length, a number of turns and an exception from elsewhere in the sentence to the time that they belong to."""
    whole = [draft for draft in drafts if draft.dated or draft.timed or draft.special]
    if len(whole) != 1 or len(drafts) == 1:
        return drafts
    target = whole[0]
    kept = [target]
    for draft in drafts:
        if draft is target:
            continue
        lasts = draft.duration is not None and target.duration is None and _can_last(draft, target, tokens)
        fits = (not draft.duration or lasts) and (not (draft.times or draft.excluded) or target.every)
        if draft.open or not fits or not (draft.duration or draft.times or draft.excluded):
            kept.append(draft)
            continue
        if lasts:
            target.duration, target.loose = draft.duration, draft.loose and not target.begins
        if draft.times and not target.times:
            target.times, target.counted = draft.times, draft.counted
        target.excluded += draft.excluded
        target.atoms += draft.atoms
    return kept


def _can_last(lasting: Expression, target: Expression, tokens: Sequence[Token]) -> bool:
    """Whether a length can be that of the time; with a recurrence or a distance only where "selama" says so."""
    if _is_statement(tokens, lasting.atoms[0]) or target.offset or target.hminus or target.between:
        return False
    if target.every:
        return not lasting.loose
    return target.dated or any(side.clock for side in target.sides)


def _is_only_time(draft: Expression) -> bool:
    side = draft.sides[0]
    bare = side.part and side.part.tense is None and not side.clock
    return draft.timed and not draft.dated and not draft.special and not bare and len(draft.sides) == 1


def _absorb_time(day: Expression, time: Expression) -> None:
    target, source = day.sides[-1], time.sides[0]
    target.clock, target.until, target.clocks, target.part = source.clock, source.until, source.clocks, source.part
    target.prayer, target.slot, target.later = source.prayer, source.slot, source.later or target.later
    target.zone, target.limit = source.zone, source.limit
    day.open, day.between = day.open or time.open, time.between
    day.ends, day.begins = day.ends or time.ends, day.begins or time.begins
    day.excluded += time.excluded
    if day.duration is None:
        day.duration, day.loose = time.duration, time.loose
    day.times, day.counted = day.times or time.times, day.counted and time.counted
    day.atoms += [atom for atom in time.atoms if atom.kind != "range"]


# --- what they mean -----------------------------------------------------------------------------------------------------


def _resolve_expression(draft: Expression, tokens: Sequence[Token], here: Reference) -> FoundExpression | None:
    if not draft.every:
        draft.atoms = [atom for atom in draft.atoms if atom.kind != "times"]
    atoms = [atom for atom in draft.atoms if atom.data is not None]
    bad = next((atom.data for atom in atoms if isinstance(atom.data, InvalidNode)), None)
    anchor, end = _find_anchor(draft, tokens)
    pieces = _extend_to_anchor(_cover_runs(draft.atoms, tokens), draft.anchor_from, end)
    if not pieces:
        return None
    if bad:
        return FoundExpression(draft, NoSuchDateError(bad.text), pieces)
    if draft.duration and not draft.dated and not draft.timed and _is_statement(tokens, draft.atoms[0]):
        return None
    pick = _resolve_or_explain(draft, atoms, pieces, tokens, here, anchor)
    return None if pick is None else FoundExpression(draft, pick, pieces)


def _resolve_or_explain(
    draft: Expression,
    atoms: Sequence[Atom],
    pieces: tuple[tuple[int, int], ...],
    tokens: Sequence[Token],
    here: Reference,
    anchor: str | None,
) -> Pick | WhenError | None:
    """What an expression means, or why it cannot be used."""
    said = " ".join(token.word for i, j in pieces for token in tokens[i:j])
    try:
        pick = resolve_value(draft, here, anchor)
    except (WeekdayMismatchError, DayMismatchError) as error:
        error.others = _list_instead(draft, atoms, tokens, error, here) or error.others
        return error
    except WhenError as error:
        if isinstance(error, NoSuchDateError) and not error.said:
            error.said = said
        return error
    except (OverflowError, ValueError):  # "9999 tahun lagi"
        return NoSuchDateError(said)
    if pick is not None and not _is_forward(pick.value):
        return NoSuchDateError(said)
    return pick and pick._replace(others=tuple(filter(_is_forward, pick.others)))


def _list_instead(
    draft: Expression, atoms: Sequence[Atom], tokens: Sequence[Token], error: WhenError, here: Reference
) -> tuple[When, ...]:
    """What may have been meant where a weekday and a date disagree: the whole expression with each of the days."""
    if len(draft.sides) == 1 and not draft.dates:
        days = [other.on for other in error.others if isinstance(other, Day)]
        variants = [_put_date(atoms, day) for day in days]
    else:
        variants = [[atom for atom in atoms if atom.kind not in ("weekday", "weekdays", "day", "night")]]
    found: list[When] = []
    for variant in variants:
        other, taken = fold_atoms(variant, tokens)
        if taken < len(variant):
            return ()
        try:
            pick = resolve_value(other, here, None)
        except (WhenError, OverflowError, ValueError):
            continue
        found += filter(_is_forward, (pick.value, *pick.others)) if pick else []
    return tuple(found)


def _put_date(atoms: Sequence[Atom], day: date) -> list[Atom]:
    """The atoms with one date in place of all that name a day."""
    named = [atom for atom in atoms if atom.kind in ("weekday", "weekdays", "day", "night", "date", "rel")]
    exact = named[0]._replace(kind="date", data=DateNode(day.day, day.month, day.year, ""))
    return [exact if atom is named[0] else atom for atom in atoms if atom is named[0] or atom not in named]


def _is_forward(value: When) -> bool:
    """Whether a span ends after it begins: "besok sampai kemarin" does not."""
    match value:
        case TimeRange(start, end):
            return end is None or start < end
        case DateRange(start, end):
            return start <= end
        case ApproximateTime(start, end):
            return start <= end
    return True


def _is_statement(tokens: Sequence[Token], atom: Atom) -> bool:
    """Whether a length only describes: "usia 5 tahun", "2 minggu terakhir"."""
    before = tokens[atom.i - 1].word if atom.i else ""
    after = tokens[atom.j] if atom.j < len(tokens) else None
    return before in names.STATES or bool(after and (after.kind == "ord" or after.word in names.DESCRIBING))


_GLUE = {"and", "from", "range", "limit", "or"}


def _cover_runs(atoms: Sequence[Atom], tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """The runs of tokens that the atoms cover, without binding words at their ends."""
    pieces: list[list[Atom]] = []
    for atom in sorted(atoms, key=lambda atom: atom.i):
        if pieces and all(token.kind in _GAP for token in tokens[pieces[-1][-1].j : atom.i]):
            pieces[-1].append(atom)
        else:
            pieces.append([atom])
    runs: list[tuple[int, int]] = []
    for piece in pieces:
        while piece and piece[-1].kind in _GLUE:
            piece.pop()
        while piece and piece[0].kind in _GLUE - {"from", "limit"}:
            piece.pop(0)
        if piece:
            runs.append((piece[0].i, piece[-1].j))
    return tuple(runs)


def _extend_to_anchor(runs: tuple[tuple[int, int], ...], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Extend the run before an anchor to the anchor's end (token `end`), and merge it with a run that follows at once."""
    if not end:
        return runs
    grown: list[tuple[int, int]] = []
    for i, j in runs:
        reaches = max(j, end) if i <= start <= j else j
        if grown and i <= grown[-1][1]:
            grown[-1] = (grown[-1][0], max(grown[-1][1], reaches))
        else:
            grown.append((i, reaches))
    return tuple(grown)


def _find_anchor(draft: Expression, tokens: Sequence[Token]) -> tuple[str | None, int]:
    """The words that an offset is counted from, and the place of the token after them."""
    if not (draft.offset or draft.hminus) or draft.dated or (draft.offset and draft.timed):
        return None, 0
    start = draft.anchor_from
    while start < len(tokens) and tokens[start].kind in ("soft", "article") and tokens[start].word in ("the", "a", "an"):
        start += 1
    if draft.hminus and start < len(tokens) and tokens[start].kind in ("before", "after"):
        start += 1
    words: list[Token] = []
    for token in tokens[start : start + 4]:
        if not _can_anchor(token, words):
            break
        words.append(token)
    if not words or words[0].word in names.NO_ANCHOR:
        return None, start + bool(words) if words else 0
    words = _trim_anchor(words, len(tokens) - start, draft.atoms[0].i == 0)
    return " ".join(token.word for token in words), start + len(words)


def _can_anchor(token: Token, words: list[Token]) -> bool:
    if words and token.word in names.TITLES:
        return False
    if token.kind == "word" or token.word in names.EVENTS:
        return token.word not in names.NO_ANCHOR or not words
    return bool(words) and token.kind in ("num", "junk") and (token.word.isdigit() or token.word.startswith(("no", "#")))


def _trim_anchor(words: list[Token], left: int, opens: bool) -> list[Token]:
    """Keep only the number after the name of an event, unless these words are the whole text."""
    if words[0].word not in names.EVENTS:
        return words if left <= 3 else words[:1]
    if opens and left <= 3:
        return words
    number = next((at for at, word in enumerate(words) if word.word.lstrip("#no. ").isdigit()), 0)
    return words[: number + 1] if all(word.kind in ("num", "junk") for word in words[1 : number + 1]) else words[:1]
