"""Reads pasted invitations by their labels: "Hari/Tanggal : … Waktu : … Tempat : …".

A letter also has its own date and those of other letters; only what follows a label of time counts.
"""

import re
from functools import cache
from typing import NamedTuple

from pendopo.when.values import Reading

_TIME = r"hari\s*[/,&]?\s*(?:dan\s+)?(?:tanggal|tgl)\.?|hari|tanggal|tgl\.?|waktu(?:\s+pelaksanaan)?|pukul|jam|date|day|time"
_TIME += r"|poe|day\s*/\s*date|hari\s*/\s*tanggal\s*/\s*(?:waktu|jam|pukul)|tanggal\s*/\s*(?:waktu|jam|pukul)|dinten"
_OTHER = (
    r"tempat|lokasi|acara|agenda|kegiatan|perihal|hal|pakaian|dress\s?code|keterangan|catatan|pimpinan(?:\s+rapat)?|venue|place|"
    r"location|event|subject|meeting\s+id|passcode|link(?:\s+zoom)?|zoom|peserta|narasumber|nomor|no|lampiran|sifat|tema|topik|"
    r"kepada|yth|dari|undangan|contact\s+person|cp|narahubung|ruang|penyelenggara|pembicara|moderator|id\s+rapat|notes?"
)
_LABEL = (
    rf"(?:^[^\w\n]{{0,8}}(?:\d{{1,2}}[.)]\s?|[a-h][.)]\s?)?[*_]*|(?<=[\s;,.]))"
    rf"(?:(?P<time>{_TIME})|(?P<other>{_OTHER}))[*_\s]*:(?!\d)[*_]*[^\S\n]*"
)
_SAME = {"lokasi": "tempat", "venue": "tempat", "place": "tempat", "location": "tempat", "event": "acara", "subject": "perihal"}
_SAME |= {"hal": "perihal", "dress code": "pakaian", "dresscode": "pakaian", "ruang": "tempat"}


class Invitation(NamedTuple):
    """An invitation: the text with all but the lines of time blanked, the spans of those lines, and the other fields."""

    masked: str
    lines: tuple[tuple[int, int], ...]
    fields: dict[str, str]


def find_invitation(text: str) -> Invitation | None:
    """Find the labelled lines of an invitation; None with fewer than two labels or without a time."""
    if ":" not in text:
        return None
    labels = list(_label_pattern().finditer(text))
    if len(labels) < 2 or not any(label.group("time") for label in labels):
        return None
    masked = [" "] * len(text)
    lines: list[tuple[int, int]] = []
    fields: dict[str, str] = {}
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        limit = following.start() if following else len(text)
        if label.group("time"):
            end = _end_of_line(text, label.end(), limit)
            _unmask_line(masked, text, label, end)
            lines.append((label.start(), end))
        else:
            name = re.sub(r"\s+", " ", label.group("other").lower())
            fields.setdefault(_SAME.get(name, name), _read_field(text[label.end() : limit]))
    return Invitation("".join(masked).rstrip(), tuple(lines), {name: value for name, value in fields.items() if value})


@cache
def _label_pattern() -> re.Pattern[str]:
    return re.compile(_LABEL, re.IGNORECASE | re.MULTILINE)


def _end_of_line(text: str, start: int, limit: int) -> int:
    """The end of a line of time: the next label or line break. Its value may begin on the line below."""
    begin = start + len(text[start:limit]) - len(text[start:limit].lstrip())
    stop = text.find("\n", begin, limit)
    return stop if stop >= 0 else limit


def _unmask_line(masked: list[str], text: str, label: re.Match[str], end: int) -> None:
    """Keep the value and the label, since "Pukul" and "Tanggal" tell what the number is."""
    for start, stop in (label.span("time"), (label.end(), end)):
        masked[start:stop] = ["," if sign == "\n" else sign for sign in text[start:stop]]


def _read_field(text: str) -> str:
    first, *lines = text.strip("\n").split("\n")
    kept = [first]
    for line in lines:  # only a list goes on below: "Agenda : 1. … 2. …"
        if not re.match(r"\s*(?:\d{1,2}[.)]|[-•*a-h][.)\s])", line):
            break
        kept.append(line.strip())
    return "\n".join(kept).strip(" \t\r\n*_;,-–•")


def with_fields(reading: Reading, found: Invitation) -> Reading:
    """The reading of an invitation, with its whole lines as pieces and its other fields."""
    span = (min(start for start, _ in found.lines), max(end for _, end in found.lines))
    return Reading(reading.value, span, reading.assumed, reading.others, found.lines, found.fields)
