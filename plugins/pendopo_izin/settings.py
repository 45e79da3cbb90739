"""What an installation decides about izin: the kinds, and by whom each is decided (`[plugin.izin]`)."""

import re

from pendopo import BusinessHoursOptions, Context, Options

from pendopo_izin.models import Izin

OTHER = "dinas"
"""The kind of what is no other kind."""


class ApprovalStep(Options):
    """One step on the way: whoever acts by one of the rules `oleh` decides; with `semua`, each of them must.

    A rule is `superior`, `role:walikota` or `post:sekda`. The step is left out unless its conditions hold: the requester has
    one of the roles `untuk` (where any are named), and it takes more than `lebih_hari` days or goes abroad (where either is
    set).
    """

    oleh: list[str] = ["superior"]
    semua: bool = False
    untuk: list[str] = []
    lebih_hari: int = 0
    luar_negeri: bool = False

    def applies_to(self, roles: frozenset[str], days: int, abroad: bool) -> bool:
        """Whether this step is on the way of an izin."""
        if self.untuk and not roles.intersection(self.untuk):
            return False
        limited = self.lebih_hari > 0 or self.luar_negeri
        return not limited or (0 < self.lebih_hari < days) or (self.luar_negeri and abroad)


STEPS = [ApprovalStep(), ApprovalStep(oleh=["role:walikota"], untuk=["kepala_opd"], lebih_hari=2, luar_negeri=True)]


class IzinKind(Options):
    """A kind of izin: the words it is known by, the way it goes, and what else holds for it.

    `otomatis_hari`: up to so many days need no decision, only notice. `jatah`: working days a year. `rahasia`: others learn
    that somebody is away, not why. `laporan`: a report of the result is asked for afterwards. `rutin`: a Plh or Plt may
    decide it.
    """

    kata: list[str] = []
    rute: list[ApprovalStep] = STEPS
    otomatis_hari: int = 0
    jatah: int = 0
    rahasia: bool = False
    laporan: bool = False
    rutin: bool = True


KINDS = {
    OTHER: IzinKind(laporan=True),
    "sakit": IzinKind(kata=["sakit", "berobat", "opname", "gering"], rute=[ApprovalStep()], otomatis_hari=1, rahasia=True),
    "cuti": IzinKind(kata=["cuti"], rute=[ApprovalStep()], jatah=12),
}


class IzinOptions(BusinessHoursOptions):
    """`[plugin.izin]`: kinds, working hours, after how many of them to remind and to escalate, and how many must stay.

    `minimal` is by role: of those with the same superior and this role, so many should be present.
    """

    jenis: dict[str, IzinKind] = KINDS
    pengingat_jam: int = 2
    eskalasi_jam: int = 8
    luar_negeri: list[str] = ["luar negeri", "mancanegara", "ke LN", "abroad"]
    minimal: dict[str, int] = {}

    def detect_kind(self, purpose: str) -> str:
        """The kind of izin that a purpose speaks of: the first word of a kind that stands in it."""
        found = [(at, name) for name, jenis in self.jenis.items() if (at := _find_first(jenis.kata, purpose)) is not None]
        return min(found)[1] if found else OTHER

    def find_kind(self, name: str) -> IzinKind:
        """A kind by its name; one that was taken out of the configuration is like any other."""
        return self.jenis.get(name) or self.jenis.get(OTHER) or IzinKind()

    def is_abroad(self, purpose: str) -> bool:
        """Whether a purpose speaks of going abroad."""
        return _find_first(self.luar_negeri, purpose) is not None


def _find_first(words: list[str], text: str) -> int | None:
    found = [match.start() for word in words if (match := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))]
    return min(found, default=None)


def get_kind(ctx: Context, izin: Izin) -> IzinKind:
    """What holds for the kind of an izin."""
    return ctx.options(IzinOptions).find_kind(izin.jenis)
