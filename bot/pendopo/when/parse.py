"""From a text to a reading: the four stages in a row."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pendopo.when.dates import DayHours
from pendopo.when.grammar.invitation import find_invitation, with_fields
from pendopo.when.grammar.patterns import find_atoms
from pendopo.when.grammar.tokens import encode_tokens, scan_tokens
from pendopo.when.lexicon import LANGUAGES, load_lexicon
from pendopo.when.prayer_times import BANDUNG, Place
from pendopo.when.resolve.combination import read_best
from pendopo.when.resolve.reference import Reference
from pendopo.when.values import Reading, WhenError

_LONGEST = 2000


def parse(
    text: str,
    now: datetime,
    zone: ZoneInfo | str = "Asia/Jakarta",
    *,
    langs: tuple[str, ...] = LANGUAGES,
    holidays: Collection[date] = (),
    place: Place = BANDUNG,
    office: Callable[[date], DayHours] | None = None,
) -> Reading | WhenError | None:
    """Find the time in `text`, as said at `now` in `zone`.

    None means that there is no time in it. A `WhenError` is returned and not raised: it says why the time that was
    found cannot be used. `holidays` are the moving ones, for "5 hari kerja lagi"; `place` is where prayers are said,
    `office` says the office hours of a day, by which half days are read.
    """
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    here = Reference(now.astimezone(where), where, holidays, place)
    here = here._replace(office=office) if office else here
    text = text[:_LONGEST]
    invitation = find_invitation(text)
    if invitation and (found := read_text(invitation.masked, here, langs)):
        return with_fields(found, invitation) if isinstance(found, Reading) else found
    return read_text(text, here, langs)


def read_text(text: str, here: Reference, langs: tuple[str, ...]) -> Reading | WhenError | None:
    """Read a text through the four stages."""
    tokens = scan_tokens(text.rstrip(), load_lexicon(langs))
    atoms = find_atoms(tokens, encode_tokens(tokens))
    return read_best(tokens, atoms, here) if atoms else None
