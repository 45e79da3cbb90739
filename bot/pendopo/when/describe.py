"""Say a value back in full, so that a person can see what was understood: "Kamis, 13 Agustus 2026, pukul 09.00 WIB (besok)"."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pendopo.when.values import ApproximateTime, DateRange, Day, Duration, Instant, Recurrence, RelativeTime, TimeRange, When


class LanguageWords(NamedTuple):
    """The words of one language."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    clock: str
    dot: str
    at: str
    until: str
    open: str
    about: str
    near: dict[int, str]
    units: tuple[tuple[str, str], ...]
    before: str
    after: str
    begin: str
    every: dict[str, str]
    nth: dict[int, str]
    both: str


_SPEECH = {
    "id": LanguageWords(
        ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
        ("Januari", "Februari", "Maret", "April", "Mei", "Juni",
         "Juli", "Agustus", "September", "Oktober", "November", "Desember"),
        "pukul ", ".", ", ", " s.d. ", "selesai", "sekitar ",
        {-1: "kemarin", 0: "hari ini", 1: "besok", 2: "lusa"},
        (("bulan",) * 2, ("hari",) * 2, ("jam",) * 2, ("menit",) * 2, ("detik",) * 2),
        "{} sebelum {}", "{} setelah {}", "acara",
        {"one": "setiap {}", "many": "setiap {} {}", "day": "hari", "workday": "hari kerja", "week": "minggu", "month": "bulan",
         "year": "tahun", "hour": "jam", "minute": "menit", "date": "tanggal {}", "lastday": "hari terakhir bulan",
         "lastof": "hari terakhir {}",
         "nth": "{day} {nth} tiap bulan", "until": ", sampai {}", "on": " pada "},
        {1: "pertama", 2: "kedua", 3: "ketiga", 4: "keempat", 5: "kelima", -1: "terakhir"}, " dan ",
    ),
    "su": LanguageWords(
        ("Senén", "Salasa", "Rebo", "Kemis", "Jumaah", "Saptu", "Minggu"),
        ("Januari", "Pébruari", "Maret", "April", "Méi", "Juni",
         "Juli", "Agustus", "Séptémber", "Oktober", "Nopémber", "Désémber"),
        "tabuh ", ".", ", ", " dugi ka ", "réngsé", "kira-kira ",
        {-1: "kamari", 0: "dinten ieu", 1: "énjing", 2: "pagéto"},
        (("bulan",) * 2, ("dinten",) * 2, ("jam",) * 2, ("menit",) * 2, ("detik",) * 2),
        "{} sateuacan {}", "{} saparantos {}", "acara",
        {"one": "unggal {}", "many": "unggal {} {}", "day": "dinten", "workday": "dinten damel",
         "week": "minggu",
         "month": "bulan", "year": "taun", "hour": "jam", "minute": "menit", "date": "kaping {}",
         "lastday": "dinten panungtung bulan", "lastof": "dinten panungtung {}",
         "nth": "{day} {nth} unggal bulan", "until": ", dugi ka {}", "on": " dina "},
        {1: "kahiji", 2: "kadua", 3: "katilu", 4: "kaopat", 5: "kalima", -1: "panungtung"}, " sareng ",
    ),
    "en": LanguageWords(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("January", "February", "March", "April", "May", "June",
         "July", "August", "September", "October", "November", "December"),
        "", ":", ", ", " to ", "finish", "about ",
        {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "the day after tomorrow"},
        (("month", "months"), ("day", "days"), ("hour", "hours"), ("minute", "minutes"), ("second", "seconds")),
        "{} before {}", "{} after {}", "the event",
        {"one": "every {}", "many": "every {} {}s", "day": "day", "workday": "working day", "week": "week", "month": "month",
         "year": "year", "hour": "hour", "minute": "minute", "date": "day {} of the month", "lastday": "last day of the month",
         "lastof": "last day of {}",
         "nth": "{nth} {day} of the month", "until": ", until {}", "on": " on "},
        {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}, " and ",
    ),
}  # fmt: skip
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_INDONESIA = {"Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Ujung_Pandang", "Asia/Jayapura"}
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STEPS = {"MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def describe(value: When, lang: str = "id", now: datetime | None = None) -> str:
    """Say `value` in full in Indonesian, Sundanese or English; with `now`, days nearby get their word beside them."""
    say = _SPEECH.get(lang, _SPEECH["id"])
    return _DESCRIBERS[type(value)](value, say, now)


def _format_day(day: date, say: LanguageWords) -> str:
    return f"{say.days[day.weekday()]}, {day.day} {say.months[day.month - 1]} {day.year}"


def _format_clock(at: datetime, say: LanguageWords) -> str:
    return f"{at.hour:02}{say.dot}{at.minute:02}"


def _format_zone(at: datetime) -> str:
    """WIB, WITA and WIT for the zones of Indonesia; elsewhere the zone's own short name."""
    hours = (at.utcoffset() or timedelta(0)).total_seconds() / 3600
    key = getattr(at.tzinfo, "key", None)  # a moment read back from JSON keeps only its distance from UTC
    if hours in _ZONES and (key is None or key in _INDONESIA):
        return _ZONES[int(hours)]
    name = at.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


def _format_near(day: date, say: LanguageWords, now: datetime | None) -> str:
    word = say.near.get((day - now.date()).days) if now else None
    return f" ({word})" if word else ""


def _describe_instant(value: Instant, say: LanguageWords, now: datetime | None) -> str:
    at = value.at
    day, clock = _format_day(at.date(), say), _format_clock(at, say)
    return f"{day}{say.at}{say.clock}{clock} {_format_zone(at)}{_format_near(at.date(), say, now)}"


def _describe_day(value: Day, say: LanguageWords, now: datetime | None) -> str:
    return _format_day(value.on, say) + _format_near(value.on, say, now)


def _describe_span(value: TimeRange, say: LanguageWords, now: datetime | None, lead: str = "") -> str:
    start, end = value.start, value.end
    if end is not None and end.date() != start.date() and not _is_midnight_after(start, end):
        last = _describe_instant(Instant(end), say, None) if end.hour or end.minute else _describe_midnight(end, say)
        return f"{_describe_instant(Instant(start), say, None)}{say.until}{last}"
    close = say.open if end is None else "24" + say.dot + "00" if end.date() != start.date() else _format_clock(end, say)
    zone = _format_zone(start)
    hours = f"{_format_clock(start, say)}–{close} {zone}" if end else f"{_format_clock(start, say)} {zone}{say.until}{close}"
    return f"{_format_day(start.date(), say)}{say.at}{lead}{say.clock}{hours}{_format_near(start.date(), say, now)}"


def _describe_midnight(end: datetime, say: LanguageWords) -> str:
    """Midnight as the end of the day before it."""
    return f"{_format_day((end - timedelta(days=1)).date(), say)}{say.at}{say.clock}24{say.dot}00 {_format_zone(end)}"


def _is_midnight_after(start: datetime, end: datetime) -> bool:
    return end.date() - start.date() == timedelta(days=1) and not (end.hour or end.minute)


def _describe_around(value: ApproximateTime, say: LanguageWords, now: datetime | None) -> str:
    return _describe_span(TimeRange(value.start, value.end), say, now, say.about)


def _describe_day_span(value: DateRange, say: LanguageWords, now: datetime | None) -> str:
    start, end = value.start, value.end
    last = f"{end.day} {say.months[end.month - 1]} {end.year}"
    if start == end:
        return _describe_day(Day(start), say, now)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    first = f"{start.day} {say.months[start.month - 1]}" + (f" {start.year}" if start.year != end.year else "")
    return f"{first} – {last}"


def _format_length(delta: timedelta, months: int, say: LanguageWords) -> str:
    hours, seconds = divmod(delta.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    amounts = zip((months, delta.days, hours, minutes, seconds), say.units, strict=True)
    return " ".join(f"{amount} {unit[amount != 1]}" for amount, unit in amounts if amount) or f"0 {say.units[3][1]}"


def _describe_duration(value: Duration, say: LanguageWords, now: datetime | None) -> str:
    return _format_length(value.delta, value.months, say)


def _describe_offset(value: RelativeTime, say: LanguageWords, now: datetime | None) -> str:
    early = value.delta < timedelta(0) or value.months < 0
    form = say.before if early else say.after
    said = form.format(_format_length(abs(value.delta), abs(value.months), say), value.anchor or say.begin)
    return said + (f"{say.at}{say.clock}{value.at.hour:02}{say.dot}{value.at.minute:02}" if value.at else "")


def _describe_every(value: Recurrence, say: LanguageWords, now: datetime | None) -> str:
    rule = dict(part.split("=") for part in value.rrule.split(";"))
    said = _format_cycle(rule, say)
    zone = _format_zone(value.anchor)
    if "BYHOUR" in rule:
        hours = [f"{int(hour):02}{say.dot}{int(rule.get('BYMINUTE', 0)):02}" for hour in rule["BYHOUR"].split(",")]
        end = f"–{_format_clock(value.anchor + value.lasts, say)}" if value.lasts else ""
        said += f"{say.at}{say.clock}{_join_listed(hours, say)}{end} {zone}"
    if "UNTIL" in rule:
        until = datetime.strptime(rule["UNTIL"], "%Y%m%dT%H%M%S%z").astimezone(value.anchor.tzinfo)
        said += say.every["until"].format(_format_day(until.date(), say))
    return said[:1].upper() + said[1:]


def _format_cycle(rule: dict[str, str], say: LanguageWords) -> str:
    step, interval = say.every[_STEPS[rule["FREQ"]]], int(rule.get("INTERVAL", 1))
    days = _format_rule_days(rule, say)
    if interval == 1:
        return say.every["one"].format(days or step)
    many = say.every["many"].format(interval, step)
    return many + (say.every["on"] + days if days else "")


def _format_rule_days(rule: dict[str, str], say: LanguageWords) -> str:
    """Name the days of a rule; empty where the step alone says it."""
    if rule.get("BYDAY") == ",".join(_NAMES[:5]):
        return say.every["workday"]
    if "BYDAY" in rule:
        return _join_listed([_format_weekday(name, say) for name in rule["BYDAY"].split(",")], say)
    if "BYMONTH" in rule and rule["BYMONTHDAY"] == "-1":
        return say.every["lastof"].format(say.months[int(rule["BYMONTH"]) - 1])
    if "BYMONTH" in rule:
        return f"{rule['BYMONTHDAY']} {say.months[int(rule['BYMONTH']) - 1]}"
    if rule.get("BYMONTHDAY") == "-1":
        return say.every["lastday"]
    if "BYMONTHDAY" in rule:
        return say.every["date"].format(_join_listed(rule["BYMONTHDAY"].split(","), say))
    return ""


def _format_weekday(name: str, say: LanguageWords) -> str:
    day = say.days[_NAMES.index(name[-2:])]
    return day if len(name) == 2 else say.every["nth"].format(day=day, nth=say.nth[int(name[:-2])])


def _join_listed(words: list[str], say: LanguageWords) -> str:
    return say.both.join(filter(None, (", ".join(words[:-1]), words[-1])))


_DESCRIBERS: dict[type, Callable[[Any, LanguageWords, datetime | None], str]] = {
    Instant: _describe_instant,
    Day: _describe_day,
    TimeRange: _describe_span,
    ApproximateTime: _describe_around,
    DateRange: _describe_day_span,
    Duration: _describe_duration,
    Recurrence: _describe_every,
    RelativeTime: _describe_offset,
}
