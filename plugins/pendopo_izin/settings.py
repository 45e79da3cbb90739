"""Settings of izin (`[plugin.izin]`): the kinds, and by whom each is decided."""

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
    """Phrases that ask for this kind, first in the purpose; with `otomatis_hari` or `rahasia` they must be all that is said."""
    bukan: list[str] = []
    """Phrases that only sound like it, such as an event named after it."""
    rute: list[ApprovalStep] = STEPS
    otomatis_hari: int = 0
    """Up to this many days need only notice, no decision."""
    mundur_hari: int = 0
    """Up to this many days after it is over it can still be entered."""
    jatah: int = 0
    """Working days a year; 0 for no limit."""
    rahasia: bool = False
    """Others see the absence, not its reason."""
    laporan: bool = False
    """A report of the result is asked for afterwards."""
    rutin: bool = True
    """A Plh or Plt may decide it."""


SICK = """sakit, cuti sakit, demam, flu, diare, batuk, pilek, meriang, gering, udur, muntah, vertigo, migrain, tipes,
tifus, dbd, sakit kepala, sakit gigi, sakit perut, sakit mata, sakit pinggang, sakit punggung,
sakit tenggorokan, rawat inap, berobat, opname, kontrol ke dokter, kontrol dokter, kontrol gigi, ke dokter"""
"""Phrases of illness; each passes alone only."""
KINDS = {
    OTHER: IzinKind(laporan=True),
    "sakit": IzinKind(
        kata=SICK.replace("\n", " ").split(", "), rute=[ApprovalStep()], otomatis_hari=1, mundur_hari=7, rahasia=True
    ),
    # PP 11/2017 jo. 17/2020: only annual leave is taken from the yearly days; the other kinds have rules of their own.
    "cuti": IzinKind(kata=["cuti", "cuti tahunan"], bukan=["cuti bersama"], rute=[ApprovalStep()], jatah=12),
    "cuti besar": IzinKind(kata=["cuti besar", "cuti haji"], rute=[ApprovalStep()]),
    "cuti melahirkan": IzinKind(kata=["cuti melahirkan", "cuti bersalin", "cuti hamil"], rute=[ApprovalStep()]),
    "cuti alasan penting": IzinKind(
        kata=["cuti alasan penting", "cuti karena alasan penting", "cuti menikah", "cuti duka"], rute=[ApprovalStep()]
    ),
    "cuti di luar tanggungan negara": IzinKind(
        kata=["cuti di luar tanggungan negara", "cuti luar tanggungan negara", "cltn"], rute=[ApprovalStep()], rutin=False
    ),
    "izin jam": IzinKind(
        kata=["datang terlambat", "datang telat", "terlambat", "telat", "pulang cepat", "pulang awal", "keluar kantor"],
        bukan=["dibahas", "laporan", "rekap"],
        rute=[ApprovalStep()],
    ),
}
ABROAD = """umrah, umroh, haji, singapura, malaysia, kuala lumpur, johor, thailand, bangkok, vietnam, hanoi, filipina,
manila, brunei, jepang, tokyo, osaka, korea, seoul, china, cina, tiongkok, beijing, shanghai, hongkong, taiwan,
india, australia, sydney, melbourne, selandia baru, belanda, amsterdam, jerman, berlin, perancis, paris,
inggris, london, italia, spanyol, turki, istanbul, dubai, qatar, doha, arab saudi, mekkah, makkah, madinah,
jeddah, mesir, kairo, amerika, usa, new york, kanada, eropa, swiss, jenewa"""
"""Names of foreign places that make the draft ask."""


class IzinOptions(BusinessHoursOptions):
    """`[plugin.izin]`."""

    jenis: dict[str, IzinKind] = KINDS
    pengingat_jam: int = 2
    """Working hours after which the decider is reminded."""
    eskalasi_jam: int = 8
    """Working hours after which the next superior is asked too."""
    luar_negeri: list[str] = ["luar negeri", "mancanegara", "ke LN", "abroad"]
    """Words in a purpose that mean going abroad, unless they belong to the name of an office."""
    luar_negeri_mungkin: list[str] = ABROAD.replace("\n", " ").split(", ")
    """Words that may mean going abroad: the draft asks, and the stricter way counts until it is answered."""
    minimal: dict[str, int] = {}
    """By role: how many of those with the same superior and this role should stay."""

    def find_kind(self, name: str) -> IzinKind:
        """A kind by its name; a name no longer configured gets `OTHER`."""
        return self.jenis.get(name) or self.jenis.get(OTHER) or IzinKind()


def get_kind(ctx: Context, izin: Izin) -> IzinKind:
    """The settings of an izin's kind."""
    return ctx.options(IzinOptions).find_kind(izin.jenis)
