"""The table of a personnel office as a directory file.

Such a table names people by NIP and posts by title; it knows no roles, superiors or accounts. Those stay as they are in the
directory that is there. Facts about such files: numbers keep 15 digits, so that a NIP stored as one has lost its end; a
telephone number stored as one has lost its 0.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import msgspec

from pendopo.adapters.account_forms import AccountFormError, canonicalise_account
from pendopo.directory.file import DirectoryFile, PersonEntry, PostEntry, UnitEntry
from pendopo.directory.spreadsheet import Sheet
from pendopo.errors import DirectoryError

HEADINGS: Mapping[str, Sequence[str]] = {
    "name": ("nama", "nama pegawai", "nama lengkap", "name"),
    "nip": ("nip", "nip baru", "nip/nipppk", "nip pegawai"),
    "post": ("jabatan", "nama jabatan", "jabatan terakhir", "post"),
    "unit": ("unit kerja", "opd", "perangkat daerah", "skpd", "unit organisasi", "unit"),
    "superior": ("atasan", "atasan langsung", "jabatan atasan"),
    "whatsapp": ("whatsapp", "no hp", "nomor hp", "no. hp", "hp", "no wa", "nomor wa", "no telepon", "telepon", "no. telepon"),
    "telegram": ("telegram", "id telegram"),
}
"""What columns are called when the map does not say; case, blanks and dots do not count."""
ACCOUNTS = ("whatsapp", "telegram")
NEEDED = ("name", "post", "unit")
HEAD_ROWS = 20
"""So many rows are looked at for the headings: titles and letterheads stand above them."""
NIP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d{4})(\d\d)([12])(\d{3})", re.ASCII)
"""Date of birth, month of appointment, sex, number (Perka BKN 22/2007)."""


class StaffMap(msgspec.Struct, forbid_unknown_fields=True):
    """How to read a table, from a TOML file; all of it may be left out.

    `columns`: by field, what its column is called. `units`: by the name of a unit, its code. `roles`: by the title of a post,
    in which `*` stands for anything, its roles. `superiors`: likewise the title of its superior. `sheets`: the sheets to read.
    """

    columns: dict[str, list[str]] = {}
    units: dict[str, str] = {}
    roles: dict[str, list[str]] = {}
    superiors: dict[str, str] = {}
    sheets: list[str] = []


def read_map(path: Path) -> StaffMap:
    """Raises `DirectoryError` for a file that cannot be read."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), StaffMap)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise DirectoryError(f"{path}: {error}") from error
    if unknown := set(found.columns) - set(HEADINGS):
        raise DirectoryError(f"{path}: columns: {', '.join(sorted(unknown))} is none of {', '.join(HEADINGS)}")
    return found


class _Row(msgspec.Struct):
    """A person on a post, with where that stands."""

    at: str
    name: str
    nip: str
    post: str
    unit: str
    superior: str
    accounts: list[str]


def convert_sheets(sheets: Sequence[Sheet], staff_map: StaffMap, base: DirectoryFile, unit: str = "") -> DirectoryFile:
    """Make a directory file of tables and of the directory that is there.

    With `unit` (a code) people, posts and units outside it and below it stay as they are. Raises a `DirectoryError` that
    lists all faults by their cell.
    """
    faults: list[str] = []
    wanted = [sheet for sheet in sheets if not staff_map.sheets or sheet.name in staff_map.sheets]
    rows = [row for sheet in wanted for row in _read_rows(sheet, staff_map, faults)]
    if not rows and not faults:
        faults.append("no sheet has rows with a name, a post and a unit")
    converter = _Converter(staff_map, base)
    for row in rows:
        converter.add_row(row)
    faults += converter.faults
    if unit and unit not in converter.units:
        faults.append(f"unit {unit!r} does not exist")
    if faults:
        raise DirectoryError("nothing was taken, since\n" + "\n".join(f"  - {fault}" for fault in faults))
    return converter.build_file(unit)


def list_without_superior(file: DirectoryFile, base: DirectoryFile) -> list[str]:
    """The titles of new posts that nobody stands over: their people can ask for nothing."""
    known = {post.code for post in base.post}
    return [post.title for post in file.post if post.code not in known and not post.superior]


def list_leaving(file: DirectoryFile, base: DirectoryFile) -> list[str]:
    """The people who are in the directory and not in the file: they lose all access."""
    staying = {person.nip or _fold(person.name) for person in file.person}
    return [person.name for person in base.person if (person.nip or _fold(person.name)) not in staying]


def _fold(text: str) -> str:
    """A name or heading without case, blanks, dots and dashes."""
    return re.sub(r"[\s.\-_:/]+", "", text.casefold())


def _read_rows(sheet: Sheet, staff_map: StaffMap, faults: list[str]) -> Iterator[_Row]:
    names = {field: {_fold(name) for name in staff_map.columns.get(field, names)} for field, names in HEADINGS.items()}
    for number, cells in enumerate(sheet.rows[:HEAD_ROWS]):
        found = {_fold(str(cell)): column for column, cell in reversed([*enumerate(cells)]) if cell is not None}
        columns = {field: found[name] for field, known in names.items() for name in known if name in found}
        if all(field in columns for field in NEEDED):
            yield from _read_below(sheet, number + 1, columns, faults)
            return
    if any(cell not in (None, "") for row in sheet.rows for cell in row):
        faults.append(f"{sheet.name}: no row names the columns of {', '.join(NEEDED)}: name them under [columns] of --map")


def _read_below(sheet: Sheet, first: int, columns: Mapping[str, int], faults: list[str]) -> Iterator[_Row]:
    for number, cells in enumerate(sheet.rows[first:], first + 1):
        values = {field: cells[column] if column < len(cells) else None for field, column in columns.items()}
        if all(_clean(values[field]) in ("", "-") for field in ("name", "post")):
            continue
        at = f"{sheet.name}, row {number}"
        missing = [field for field in NEEDED if not _clean(values[field])]
        if missing and missing != ["post", "unit"]:  # somebody may be without a post
            faults.append(f"{at}: it has no {' and no '.join(missing)}")
            continue
        yield _Row(
            at,
            _clean(values["name"]),
            _read_nip(values.get("nip"), at, faults),
            _clean(values["post"]),
            _clean(values["unit"]),
            _clean(values.get("superior")),
            [account for kind in ACCOUNTS if (account := _read_account(kind, values.get(kind), at, faults))],
        )


def _clean(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()) if value is not None else ""


def _read_nip(value: Any, at: str, faults: list[str]) -> str:
    if isinstance(value, (int, float)):
        faults.append(
            f"{at}: the NIP is stored as a number, of which Excel keeps 15 digits: give the column the format *text* in the "
            "program that it comes from, and export it again"
        )
        return ""
    nip = re.sub(r"[\s.'`-]+", "", str(value or ""))
    if not nip:
        return ""
    parts = NIP.fullmatch(nip)
    if parts is None or not _is_date(*parts.groups()[:3]) or not 1 <= int(parts[5]) <= 12:
        faults.append(f"{at}: {nip!r} is no NIP: 18 digits, the date of birth, the month of appointment, 1 or 2, a number")
    return nip


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        return 1900 < date(int(year), int(month), int(day)).year < 2100
    except ValueError:
        return False


def _read_account(kind: str, value: Any, at: str, faults: list[str]) -> str:
    text = _clean(value)
    if text in ("", "-", "0"):
        return ""
    if kind == "whatsapp" and re.match(r"8\d", text):
        text = f"0{text}"  # the number lost its 0 when it was stored as one
    try:
        return canonicalise_account(f"{kind}:{text}")
    except AccountFormError as error:
        faults.append(f"{at}: {kind} {text!r} {error}")
        return ""


class _Converter:
    """Collects rows onto a directory."""

    def __init__(self, staff_map: StaffMap, base: DirectoryFile) -> None:
        self.faults: list[str] = []
        self._map, self._base = staff_map, base
        self.units = {unit.code: unit for unit in base.unit}
        self._unit_codes = {_fold(name): unit.code for unit in base.unit for name in (unit.code, unit.name)}
        self._unit_codes |= {_fold(name): code for name, code in staff_map.units.items()}
        self.posts = {post.code: post for post in base.post}
        self._post_codes = {
            (post.unit, _fold(name)): post.code for post in base.post for name in (post.code, *post.aliases, post.title)
        }
        self._known = {key: person for person in base.person for key in (person.nip, _fold(person.name)) if key}
        self._people: dict[str, PersonEntry] = {}
        self._superiors: dict[str, str] = {}

    def add_row(self, row: _Row) -> None:
        key = row.nip or _fold(row.name)
        person = self._people.get(key)
        if person is None:
            known = self._known.get(row.nip) if row.nip else self._known.get(_fold(row.name))
            known = known or PersonEntry(row.name)
            person = msgspec.structs.replace(
                known, name=row.name, nip=row.nip or known.nip, posts=[], accounts=[*known.accounts]
            )
            self._people[key] = person
        elif _fold(person.name) != _fold(row.name):
            self.faults.append(f"{row.at}: NIP {row.nip} is that of {person.name}, and here of {row.name}")
        if row.post:
            code = self._find_post(row.post, self._find_unit(row.unit))
            person.posts = [*dict.fromkeys([*person.posts, code])]
            if row.superior:
                self._superiors.setdefault(code, row.superior)
        person.accounts = [*dict.fromkeys([*person.accounts, *row.accounts])]

    def _find_unit(self, name: str) -> str:
        code = self._unit_codes.get(_fold(name))
        if code is None:
            code = self._unit_codes[_fold(name)] = _make_code(name, self.units)
        if code not in self.units:
            self.units[code] = UnitEntry(code, name)
        return code

    def _find_post(self, title: str, unit: str) -> str:
        code = self._post_codes.get((unit, _fold(title)))
        if code is None:
            code = self._post_codes[unit, _fold(title)] = _make_code(f"{title} {unit}", self.posts)
            roles = next((roles for pattern, roles in self._map.roles.items() if _fits(title, pattern)), [])
            self.posts[code] = PostEntry(code, title, unit, roles=[*roles])
            wanted = next((above for pattern, above in self._map.superiors.items() if _fits(title, pattern)), "")
            if wanted:
                self._superiors[code] = wanted
        return code

    def build_file(self, unit: str) -> DirectoryFile:
        """The whole directory; with `unit`, what people hold outside of it is left as it is."""
        self._set_superiors()
        outside = (
            {code for code, post in self.posts.items() if post.unit not in _list_below(unit, self.units)} if unit else set()
        )
        taken = {key for person in self._people.values() for key in (person.nip, _fold(person.name)) if key}
        people = [self._leave_outside(person, outside) for person in self._people.values()]
        for person in self._base.person if unit else ():
            left = [code for code in person.posts if code in outside]
            if (left or not person.posts) and not taken & {person.nip, _fold(person.name)}:
                people.append(msgspec.structs.replace(person, posts=left))
        names = {name for person in people for name in (person.nip, person.name) if name}
        return msgspec.structs.replace(
            self._base,
            unit=[*self.units.values()],
            post=[*self.posts.values()],
            person=people,
            term=[term for term in self._base.term if term.person in names],
            mandate=[mandate for mandate in self._base.mandate if mandate.person in names],
        )

    def _leave_outside(self, person: PersonEntry, outside: Collection[str]) -> PersonEntry:
        known = self._known.get(person.nip) or self._known.get(_fold(person.name))
        before = [code for code in known.posts if code in outside] if known else []
        return msgspec.structs.replace(person, posts=[*dict.fromkeys([*person.posts, *before])])

    def _set_superiors(self) -> None:
        titles: dict[str, list[tuple[str, str]]] = {}
        for (unit, title), code in self._post_codes.items():
            titles.setdefault(unit, []).append((title, code))
        everywhere = [pair for pairs in titles.values() for pair in pairs]
        for code, wanted in self._superiors.items():
            pattern, unit = _fold(wanted), self.posts[code].unit
            found: Iterable[tuple[str, str]] = ()
            for _ in self.units:  # in the unit itself, else in the one above it
                found = [pair for pair in titles.get(unit, ()) if pair[1] != code and fnmatch(pair[0], pattern)]
                unit = self.units[unit].parent if unit in self.units else ""
                if found or not unit:
                    break
            above = next((other for title, other in found or everywhere if other != code and fnmatch(title, pattern)), "")
            self.posts[code] = msgspec.structs.replace(self.posts[code], superior=above or self.posts[code].superior)


def _fits(title: str, pattern: str) -> bool:
    return fnmatch(_fold(title), _fold(pattern))


def _list_below(unit: str, units: Mapping[str, UnitEntry]) -> set[str]:
    """A unit and all units below it."""
    found = {unit}
    while more := {each.code for each in units.values() if each.parent in found} - found:
        found |= more
    return found


def _make_code(name: str, taken: Iterable[str]) -> str:
    plain = "-".join(re.findall(r"[a-z0-9]+", name.casefold()))[:60] or "x"
    return next(code for number in range(1, 100_000) if (code := plain if number == 1 else f"{plain}-{number}") not in taken)
