"""Stages three and four: joins atoms into expressions, and makes the most complete expression the reading."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pendopo.when.grammar.expression import Expression, fold_atoms
from pendopo.when.grammar.nodes import Atom, InvalidNode
from pendopo.when.grammar.tokens import Token
from pendopo.when.lexicon import names
from pendopo.when.resolve.ranges import resolve_value
from pendopo.when.resolve.reference import Pick, Reference
from pendopo.when.values import (
    ApproximateTime,
    DateRange,
    Duration,
    Instant,
    NoSuchDateError,
    Reading,
    Reason,
    TimeRange,
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
    drafts = _join_expressions(_build_expressions(atoms, tokens))
    found = [entry for draft in drafts if (entry := _resolve_expression(draft, tokens, here))]
    if not found:
        return None
    best = max(found, key=lambda entry: entry.rank)
    if isinstance(best.pick, WhenError):
        best.pick.span = _to_char_spans(best.pieces, tokens)[1]
        return best.pick
    return _make_reading(best, best.pick, [entry for entry in found if entry is not best and entry.rank], tokens, here)


def _make_reading(
    best: FoundExpression, pick: Pick, rest: list[FoundExpression], tokens: Sequence[Token], here: Reference
) -> Reading:
    pieces, span = _to_char_spans(best.pieces, tokens)
    likely = [other for other in pick.others if not _is_over(other, here) or _is_over(pick.value, here)]
    others = [*likely, *(entry.pick.value for entry in rest if isinstance(entry.pick, Pick))]
    reasons: list[Reason] = list(pick.assumed)
    if len(others) > len(likely):
        reasons.append("several")
    if _has_unread(tokens, [piece for entry in (best, *rest) for piece in entry.pieces]):
        reasons.append("unread")
    distinct = [other for place, other in enumerate(others) if other != pick.value and other not in others[:place]]
    return Reading(pick.value, span, tuple(dict.fromkeys(reasons)), tuple(distinct), pieces)


def _is_over(value: When, here: Reference) -> bool:
    """Whether a moment is past; days never count as past, since "5 Agustus" may look back."""
    return isinstance(value, Instant | ApproximateTime) and (value.at if isinstance(value, Instant) else value.end) <= here.now


_BINDING = {"minus", "plus", "half", "quarter", "workday", "ord", "every", "once", "edge"}
_CLOCKS = {"hm", "pukul", "jam", "ymd", "dm", "stamp", "wday", "day", "yday", "tonight", "noon"}


def _has_unread(tokens: Sequence[Token], pieces: Sequence[tuple[int, int]]) -> bool:
    """Whether a word of time was left over: it is better to ask than to drop the hour of "besok jam set 9"."""
    inside = {place for i, j in pieces for place in range(i, j)}
    beside = {place for i, j in pieces for place in (i - 1, j)}
    loose = (place for place in range(len(tokens)) if place not in inside)
    return any(tokens[place].kind in _CLOCKS or (place in beside and tokens[place].kind in _BINDING) for place in loose)


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


def _join_expressions(drafts: list[Expression]) -> list[Expression]:
    """Join a day and a clock from different places in the sentence: "besok ada rapat jam 9"."""
    dated = [draft for draft in drafts if (draft.dated or draft.every) and not (draft.timed or draft.offset or draft.hminus)]
    timed = [draft for draft in drafts if _is_only_time(draft)]
    lasting = [draft for draft in drafts if draft.duration and not draft.dated and not draft.timed and not draft.special]
    if len(dated) == 1 and len(timed) == 1 and not any(draft.dated and draft.timed for draft in drafts):
        drafts = [draft for draft in drafts if draft is not timed[0]]
        _absorb_time(dated[0], timed[0])
    distant = [draft for draft in drafts if draft.hminus and not draft.timed]
    if len(distant) == 1 and len(timed) == 1 and not dated:
        drafts = [draft for draft in drafts if draft is not timed[0]]
        _absorb_time(distant[0], timed[0])
    full = [draft for draft in drafts if draft.dated and draft.timed]
    if len(full) == 1 and len(lasting) == 1 and full[0].duration is None and lasting[0].atoms[0].data is not None:
        full[0].duration, full[0].loose = lasting[0].duration, lasting[0].loose
        full[0].atoms += lasting[0].atoms
        drafts = [draft for draft in drafts if draft is not lasting[0]]
    return drafts


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
    day.atoms += time.atoms


# --- what they mean -----------------------------------------------------------------------------------------------------


def _resolve_expression(draft: Expression, tokens: Sequence[Token], here: Reference) -> FoundExpression | None:
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
    said = " ".join(token.word for i, j in pieces for token in tokens[i:j])
    try:
        pick = resolve_value(draft, here, anchor)
    except WhenError as error:
        if isinstance(error, NoSuchDateError) and not error.said:
            error.said = said
        return FoundExpression(draft, error, pieces)
    except (OverflowError, ValueError):  # "9999 tahun lagi"
        return FoundExpression(draft, NoSuchDateError(said), pieces)
    if pick is None:
        return None
    if not _is_forward(pick.value):
        return FoundExpression(draft, NoSuchDateError(said), pieces)
    return FoundExpression(draft, pick._replace(others=tuple(filter(_is_forward, pick.others))), pieces)


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
    after = tokens[atom.j].kind if atom.j < len(tokens) else ""
    return before in names.STATES or after == "ord"


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
