"""Reads whether a message says that its writer is present, comes late, is excused or sends a proxy; pure functions.

A message counts only when it is nothing but that, courtesy and the writer's own name: what is said about others, questions and
conditions never do.
"""

import itertools
import re
import unicodedata
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple


class Attendance(StrEnum):
    """What a message says about its writer."""

    PRESENT = "hadir"
    EXCUSED = "berhalangan"
    BY_PROXY = "diwakili"
    UNCLEAR = "belum jelas"


class AttendanceWords(NamedTuple):
    """What was read: for a proxy `how` and `words` (the name), else the words as a reason, or what is said of a presence."""

    kind: Attendance
    words: str = ""
    how: str = ""


LONGEST = 160
"""Characters of a message about attendance; a longer one is part of the discussion."""
MOST_WORDS = 14


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRESENT = _words("hadir hdr hadlir hadhir hadirr sumping present hadirin")
FILLER = _words(
    """saya sy sya kami kita abdi aku siap mohon mhn izin ijin maaf punten hapunten permisi selamat pagi siang sore malam
    assalamualaikum wr wb alhamdulillah bismillah baik ya iya ok oke nuhun hatur terima kasih makasih trims semua smua
    semuanya lengkap via lewat melalui zoom vicon online daring luring offline virtual menyimak nyimak ikut juga sudah
    sdh udah telah dari di lokasi tempat ruang ruangan rapat kantor sini mobil jalan terlambat telat tlt menit mnt jam
    sedikit bentar sebentar dan dgn dengan pak bu bapak ibu bpk bp kang teh ndan komandan pimpinan yth"""
)
"""Words beside "hadir" that change nothing about it."""
TITLES = _words("pak bu bapak ibu bpk bp kang teh ndan komandan yth")
NOT = _words("tidak tdk tak gak ga nggak enggak henteu teu")
UNSURE = _words(
    """belum blm acan nanti ntar kalau kalo klo jika bila mungkin insyaallah inshaallah besok lusa akan usahakan diusahakan
    sempat siapa yang yg daftar absen undangan harus wajib tolong mau"""
)
ABLE = _words("bisa dapat dpt sempat tiasa")
COMING = _words("hadir hdr ikut gabung bergabung datang dtg mengikuti join merapat sumping")
SORRY = _words("maaf mohon mhn izin ijin punten hapunten")
_ABSENT = _words("berhalangan halangan")
_TOKEN = re.compile(r"\w+")
_STRETCHED = re.compile(r"([^\W\d_])\1+")
_PROXY = re.compile(
    r"(?:(?P<before>[\w\s,.]{0,40}?)\b)?(?P<how>diwakil(?:i|kan)|mewakili|wakil)(?:\s+(?:oleh|ke|kepada|pada))?\s+(?P<who>.+)",
    re.IGNORECASE | re.DOTALL,
)


_LATE = re.compile(r"\b(?:terlambat|telat|tlt)\b(?:\s+(?:sekitar|kira-kira|kurang lebih)?\s*(\d{1,3})\s*(menit|mnt|mt|jam)\b)?")
_REMARKS = (
    ("daring", re.compile(r"\b(?:zoom|vicon|online|daring|virtual|gmeet|meet)\b")),
    ("lengkap", re.compile(r"\blengkap\b")),
    ("menyimak", re.compile(r"\b(?:me)?nyimak\b")),
)
"""What is kept of how somebody is present, by its name in the minutes."""


def read_attendance(text: str, own: Collection[str] = ()) -> AttendanceWords | None:
    """Reads a message; `own` are the words of the writer's name, post and unit. None when it is not about attendance."""
    said = text.strip()
    words = split_words(said)
    if not words or len(said) > LONGEST or len(words) > MOST_WORDS or "?" in said:
        return None
    if proxy := _read_proxy(said, own):
        return proxy
    if _is_excused(words, own):
        return AttendanceWords(Attendance.EXCUSED, said)
    if not any(word in PRESENT for word in words) or _is_request(words):
        return None
    if _is_present(words, own):
        return AttendanceWords(Attendance.PRESENT, read_remark(said))
    return AttendanceWords(Attendance.UNCLEAR) if _opens_with_presence(words, own) else None


def read_remark(text: str) -> str:
    """What a message says of its writer's presence, in few words: "terlambat 10 menit, daring"; "" for nothing."""
    said = text[:LONGEST].casefold()
    found = [name for name, pattern in _REMARKS if pattern.search(said)]
    if late := _LATE.search(said):
        found.insert(0, f"terlambat {late[1]} {'jam' if late[2] == 'jam' else 'menit'}" if late[1] else "terlambat")
    return ", ".join(found)


def split_words(text: str) -> list[str]:
    """The words of a text in lower case; stretched letters count once ("hadiiir")."""
    plain = [match[0] for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text).casefold())]
    return [short if (short := _STRETCHED.sub(r"\1", word)) in PRESENT else word for word in plain]


def is_courtesy_only(text: str) -> bool:
    """Whether a message holds nothing for the minutes: signs, thanks and "siap pak"."""
    return all(word in FILLER for word in split_words(text[:LONGEST])) and len(text) <= LONGEST


def mentions_presence(text: str) -> bool:
    """Whether a message may have been meant as "present", whatever else it says."""
    words = split_words(text[:LONGEST])
    return len(words) <= MOST_WORDS and any(word in PRESENT for word in words) and not NOT.intersection(words)


def _read_proxy(text: str, own: Collection[str]) -> AttendanceWords | None:
    match = _PROXY.match(text)
    if match is None:
        return None
    before = split_words(match["before"] or "")
    how = match["how"].casefold()
    if how in ("mewakili", "wakil") and not any(word in PRESENT for word in before):
        return None  # "wakil rakyat …", "mewakili warga …" are no attendance by themselves
    if not all(word in FILLER or word in PRESENT or word in own for word in before):
        return None
    return AttendanceWords(Attendance.BY_PROXY, match["who"].strip(" .,!🙏"), "diwakili" if how == "diwakilkan" else how)


def _is_excused(words: Sequence[str], own: Collection[str]) -> bool:
    """Whether the writer says of themselves that they cannot come."""
    for at, word in enumerate(words):
        after = words[at + 1 : at + 3]
        absent = word in _ABSENT
        if absent or (word in NOT and _is_unable(after, sorry=bool(SORRY.intersection(words[:at])))):
            return True
        if word not in FILLER and word not in own:
            return False
    return False


def _is_unable(after: Sequence[str], sorry: bool) -> bool:
    """Whether what stands behind "not" is about coming; a lone "cannot" may answer anything, unless somebody is sorry."""
    if not after:
        return False
    if after[0] in COMING:
        return True
    return after[0] in ABLE and (after[1] in COMING if len(after) > 1 else sorry)


def _is_present(words: Sequence[str], own: Collection[str]) -> bool:
    """Whether a message is nothing but presence, courtesy, and the writer's own name or whom they address."""
    there, addressed = False, 0
    for word in words:
        if word in NOT or word in UNSURE:
            return False
        if word in PRESENT:
            there, addressed = True, 0
        elif word in TITLES:
            addressed = 3 if there else 0
        elif word in FILLER or word in own or word.isdecimal():
            continue
        elif there and addressed:
            addressed -= 1
        else:
            return False
    return there


def _is_request(words: Sequence[str]) -> bool:
    """Whether others are asked to come: "mohon hadir tepat waktu"."""
    return any(word in ("mohon", "mhn") and after in PRESENT for word, after in itertools.pairwise(words))


def _opens_with_presence(words: Sequence[str], own: Collection[str]) -> bool:
    first = next((word for word in words if word in PRESENT or (word not in FILLER and word not in own)), "")
    return first in PRESENT
