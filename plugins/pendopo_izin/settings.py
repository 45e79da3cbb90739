"""Settings of izin (`[plugin.izin]`): the kinds, and by whom each is decided."""

import re

from pendopo import BusinessHoursOptions, Context, Options

from pendopo_izin.models import Izin

OTHER = "dinas"
"""The kind of an izin that fits no other."""


class ApprovalStep(Options):
    """One step of the approval, left out unless its conditions hold."""

    oleh: list[str] = ["superior"]
    """Rules that name the deciders: `superior`, `role:walikota` or `post:sekda`."""
    semua: bool = False
    """Each of them must approve, not only one."""
    untuk: list[str] = []
    """Only for applicants with one of these roles; empty for all."""
    lebih_hari: int = 0
    """Only for more days than this, or abroad with `luar_negeri`; 0 for any length."""
    luar_negeri: bool = False

    def applies_to(self, roles: frozenset[str], days: int, abroad: bool) -> bool:
        """Whether an izin needs this step."""
        if self.untuk and not roles.intersection(self.untuk):
            return False
        limited = self.lebih_hari > 0 or self.luar_negeri
        return not limited or (0 < self.lebih_hari < days) or (self.luar_negeri and abroad)


STEPS = [ApprovalStep(), ApprovalStep(oleh=["role:walikota"], untuk=["kepala_opd"], lebih_hari=2, luar_negeri=True)]


class IzinKind(Options):
    """A kind of izin."""

    kata: list[str] = []
    """Words in a purpose that mean this kind."""
    rute: list[ApprovalStep] = STEPS
    otomatis_hari: int = 0
    """Up to this many days need only notice, no decision."""
    jatah: int = 0
    """Working days a year; 0 for no limit."""
    rahasia: bool = False
    """Others see the absence, not its reason."""
    laporan: bool = False
    """A report of the result is asked for afterwards."""
    rutin: bool = True
    """A Plh or Plt may decide it."""


KINDS = {
    OTHER: IzinKind(laporan=True),
    "sakit": IzinKind(kata=["sakit", "berobat", "opname", "gering"], rute=[ApprovalStep()], otomatis_hari=1, rahasia=True),
    "cuti": IzinKind(kata=["cuti"], rute=[ApprovalStep()], jatah=12),
}


class IzinOptions(BusinessHoursOptions):
    """`[plugin.izin]`."""

    jenis: dict[str, IzinKind] = KINDS
    pengingat_jam: int = 2
    """Working hours after which the decider is reminded."""
    eskalasi_jam: int = 8
    """Working hours after which the next superior is asked too."""
    luar_negeri: list[str] = ["luar negeri", "mancanegara", "ke LN", "abroad"]
    """Words in a purpose that mean going abroad."""
    minimal: dict[str, int] = {}
    """By role: how many of those with the same superior and this role should stay."""

    def detect_kind(self, purpose: str) -> str:
        """The kind whose words come first in a purpose."""
        found = [(at, name) for name, jenis in self.jenis.items() if (at := _find_first(jenis.kata, purpose)) is not None]
        return min(found)[1] if found else OTHER

    def find_kind(self, name: str) -> IzinKind:
        """A kind by its name; a name no longer configured gets `OTHER`."""
        return self.jenis.get(name) or self.jenis.get(OTHER) or IzinKind()

    def is_abroad(self, purpose: str) -> bool:
        """Whether a purpose mentions going abroad."""
        return _find_first(self.luar_negeri, purpose) is not None


def _find_first(words: list[str], text: str) -> int | None:
    found = [match.start() for word in words if (match := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))]
    return min(found, default=None)


def get_kind(ctx: Context, izin: Izin) -> IzinKind:
    """The settings of an izin's kind."""
    return ctx.options(IzinOptions).find_kind(izin.jenis)
