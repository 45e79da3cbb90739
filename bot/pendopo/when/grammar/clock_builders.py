"""Builds nodes from the shapes of clocks; None where nothing tells that the numbers are a time of day."""

import re
from collections.abc import Sequence

from pendopo.when.grammar.nodes import ClockNode, InvalidNode
from pendopo.when.grammar.tokens import Token, join_words
from pendopo.when.prayer_times import PRAYER_PARTS

Tokens = Sequence[Token]
Match = re.Match[str]

UNITS = {"menit", "min", "detik", "jam", "hour", "hari", "minggu", "pekan", "bulan", "tahun"}
_AFTER_DATE = {"day", "wday", "next", "this", "ymd", "dm", "month", "year", "part", "minggu", "last"}


def get_token(tokens: Tokens, place: int) -> Token | None:
    """The token at a place, None outside the text."""
    return tokens[place] if 0 <= place < len(tokens) else None


def get_matched(tokens: Tokens, match: Match, group: str | int = 0) -> Tokens:
    """The tokens of a match or of one of its groups."""
    return tokens[match.start(group) : match.end(group)]


def build_clock(tokens: Tokens) -> ClockNode | InvalidNode | None:
    """The clock that these tokens name."""
    kinds = [token.kind for token in tokens]
    numbers = [token.value for token in tokens if token.kind == "num"]
    exact = False
    if "hm" in kinds:
        token = tokens[kinds.index("hm")]
        hour, minute = token.value
        exact = token.word[0] == "0" or hour >= 13
    else:
        hour, minute = numbers.pop(0), 0
        exact = hour >= 13 or hour == 0
    said = hour
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return InvalidNode(join_words(tokens))
    shift = _read_turn(tokens, kinds, numbers)
    total = max(hour * 60 + minute + shift, 0)
    return ClockNode(total // 60, total % 60, said, _find_part(tokens, kinds), exact, _is_loose(kinds), _find_zone(tokens))


def _read_turn(tokens: Tokens, kinds: list[str], numbers: list[int]) -> int:
    """The minutes after the hour (before: negative): "setengah", "kurang 10", "lewat seperempat", "half past"."""
    if "half" in kinds:
        base = 30 if "plus" in kinds[kinds.index("half") :][:2] else -30
        kinds = [kind for kind in kinds if kind != "plus"] if base > 0 else kinds
    else:
        base = 0
    if "quarter" in kinds and "num" in kinds and kinds.index("quarter") < kinds.index("num"):
        return 15 if "plus" in kinds else -15
    sign = 1 if "plus" in kinds else -1 if "minus" in kinds else 0
    amount = 15 if "quarter" in kinds else numbers[0] if numbers else 0
    return base + sign * amount


def _find_part(tokens: Tokens, kinds: list[str]) -> str | None:
    for token in tokens:
        if token.kind == "ampm" or token.kind == "part":
            return str(token.value)
        if token.kind == "prayer":
            return PRAYER_PARTS[token.value]
    return None


def _find_zone(tokens: Tokens) -> int | None:
    return next((token.value for token in tokens if token.kind == "zone"), None)


def _is_loose(kinds: list[str]) -> bool:
    return "approx" in kinds or "ish" in kinds


def _has_evidence(tokens: Tokens, start: int, end: int) -> bool:
    """Whether these tokens are certainly a time of day."""
    part = tokens[start:end]
    kinds = {token.kind for token in part}
    if kinds & {"jam", "pukul", "ampm", "oclock", "part", "zone", "prayer"}:
        return True
    if "at" in kinds:
        after = get_token(tokens, end)
        return after is None or after.kind not in UNITS | {"month", "junk"}
    if "half" in kinds or "quarter" in kinds or "plus" in kinds:
        after = get_token(tokens, end)
        return (after is None or after.kind != "word") and "approx" not in kinds and bool(kinds & {"half", "quarter", "hm"})
    return "hm" in kinds and _is_clean_hm(next(token for token in part if token.kind == "hm"), _follows_date(tokens, start))


def _follows_date(tokens: Tokens, start: int) -> bool:
    before = get_token(tokens, start - 1)
    if before and before.kind in ("comma", "paren", "soft", "dash"):
        before = get_token(tokens, start - 2)
    return bool(before and before.kind in _AFTER_DATE)


def _is_clean_hm(token: Token, dated: bool) -> bool:
    """Whether "14.00" is a time without "pukul" before it; "3.27" may be anything."""
    hour, minute = token.value
    return dated or token.word[0] == "0" or ":" in token.word or minute in (0, 15, 30, 45) or (hour >= 13 and minute % 5 == 0)


def read_clock(tokens: Tokens, match: Match) -> ClockNode | InvalidNode | None:
    """Read a time of day, if there is evidence that it is one."""
    start, end = match.span()
    if not _has_evidence(tokens, start, end):
        return None
    after = get_token(tokens, end)
    if after and tokens[end - 1].kind == "num" and after.kind in ("month", "dm", "times"):
        return None
    if after and tokens[end - 1].kind == "num" and after.kind in UNITS - {"hari", "minggu", "jam"} and end - start < 3:
        return None
    said = build_clock(tokens[start:end])
    return None if isinstance(said, InvalidNode) and not _has_cue(tokens[start:end]) else said


def _has_cue(tokens: Tokens) -> bool:
    return any(token.kind in ("jam", "pukul", "zone") for token in tokens)


def read_spoken_clock(tokens: Tokens, match: Match) -> ClockNode | InvalidNode | None:
    """Read "pukul delapan tiga puluh": two numbers in words."""
    part = get_matched(tokens, match)
    hour, minute = [token for token in part if token.kind == "num"][:2]
    if hour.word[0].isdigit() or minute.word[0].isdigit() or minute.value < 5:
        return None
    kinds = [token.kind for token in part]
    said = ClockNode(
        hour.value, minute.value, hour.value, _find_part(part, kinds), hour.value > 12, _is_loose(kinds), _find_zone(part)
    )
    return said if hour.value < 24 and minute.value < 60 else InvalidNode(join_words(part))


def read_noon(tokens: Tokens, match: Match) -> ClockNode:
    """Read noon and midnight."""
    part = get_matched(tokens, match)
    return ClockNode(part[0].value, 0, part[0].value, None, True, False, _find_zone(part))


def read_hours(tokens: Tokens, match: Match) -> tuple[ClockNode, ClockNode] | InvalidNode | None:
    """Read "jam 9-11", "2 to 4pm", "08.00 s.d. 10.00"; bare numbers only after a date."""
    (start, end), after = match.span(), get_token(tokens, match.end())
    firm = _has_evidence(tokens, start, end) or "between" in {token.kind for token in tokens[start:end]}
    both_hm = all(any(token.kind == "hm" for token in get_matched(tokens, match, group)) for group in "AB")
    day = get_token(tokens, end + 1) if after and after.kind == "soft" else after
    led = tokens[start].kind == "from" or (day and day.kind in ("day", "wday", "later"))
    if not firm and not both_hm and not _follows_date(tokens, start) and not led:
        return None
    counts = after is not None and (after.kind in {"month", "junk"} or (after.kind in UNITS | {"dm"} and not firm))
    if counts and tokens[end - 1].kind == "num":
        return None
    first, second = build_clock(get_matched(tokens, match, "A")), build_clock(get_matched(tokens, match, "B"))
    if isinstance(first, InvalidNode) or isinstance(second, InvalidNode):
        return InvalidNode(join_words(tokens[start:end])) if firm and _has_cue(tokens[start:end]) else None
    return (first, second) if first and second else None
