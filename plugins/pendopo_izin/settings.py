"""Settings of izin (`[plugin.izin]`): the kinds, and by whom each is decided."""

from datetime import date
from enum import StrEnum

from pendopo import BusinessHoursOptions, Context, Options

from pendopo_izin.models import Izin

OTHER = "dinas"
"""The kind of an izin that fits no other."""
ANNUAL, GREAT = "cuti", "cuti besar"
"""The kinds whose days are carried into the next year, and which leaves no annual leave in its year."""


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


class LengthUnit(StrEnum):
    """In which days a length is counted."""

    WORKING = "kerja"
    CALENDAR = "kalender"


class Letter(StrEnum):
    """Which letter is made of an izin."""

    NONE = ""
    ASSIGNMENT = "tugas"
    LEAVE = "cuti"


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
    satuan: LengthUnit | None = None
    """In which days its length is said."""
    paling_lama_bulan: int = 0
    """Months it may last at most; 0 for no limit."""
    masa_kerja_bulan: int = 0
    """Months of service that it needs."""
    syarat: str = ""
    """The papers that it needs, by name; without an attachment they are asked for."""
    jam: bool = False
    """Hours of one day, which cost no leave."""
    resmi: bool = False
    """Answered as the leave form has it: advice, then a decision; each may name another time or put it off."""
    panggil: bool = False
    """Whoever is away may be called back (PP 11/2017 art. 338)."""
    surat: Letter = Letter.ASSIGNMENT
    """The letter that can be made of it."""
    lewat_bkpsdm: bool = False
    """Asked for on paper only."""


SICK = """sakit, cuti sakit, demam, flu, diare, batuk, pilek, meriang, gering, udur, muntah, vertigo, migrain, tipes,
tifus, dbd, sakit kepala, sakit gigi, sakit perut, sakit mata, sakit pinggang, sakit punggung,
sakit tenggorokan, rawat inap, berobat, opname, kontrol ke dokter, kontrol dokter, kontrol gigi, ke dokter"""
"""Phrases of illness; each passes alone only."""
LEAVE_STEPS = [ApprovalStep(), ApprovalStep(oleh=["role:walikota"], untuk=["kepala_opd"])]
"""Who decides on leave: the superior, and on that of heads the mayor, who has delegated the rest (PP 11/2017 art. 309)."""
KINDS = {
    OTHER: IzinKind(laporan=True),
    # PP 11/2017 jo. 17/2020, Peraturan BKN 24/2017 jo. 7/2021: one day ill is a notice, from the second day on it is leave.
    "sakit": IzinKind(
        kata=SICK.replace("\n", " ").split(", "),
        rute=[ApprovalStep()],
        otomatis_hari=1,
        mundur_hari=7,
        rahasia=True,
        paling_lama_bulan=18,
        syarat="surat keterangan dokter",
        surat=Letter.LEAVE,
    ),
    # Only annual leave is taken from the yearly days; the other kinds have rules of their own.
    ANNUAL: IzinKind(
        kata=["cuti", "cuti tahunan"],
        bukan=["cuti bersama"],
        rute=LEAVE_STEPS,
        jatah=12,
        satuan=LengthUnit.WORKING,
        resmi=True,
        surat=Letter.LEAVE,
        panggil=True,
    ),
    GREAT: IzinKind(
        kata=["cuti besar", "cuti haji"],
        rute=LEAVE_STEPS,
        satuan=LengthUnit.CALENDAR,
        paling_lama_bulan=3,
        masa_kerja_bulan=60,  # the first hajj also before: a caution, no refusal
        resmi=True,
        surat=Letter.LEAVE,
        panggil=True,
    ),
    "cuti melahirkan": IzinKind(
        kata=["cuti melahirkan", "cuti bersalin", "cuti hamil"],
        rute=LEAVE_STEPS,
        satuan=LengthUnit.CALENDAR,
        paling_lama_bulan=3,  # UU 4/2024 adds up to three months on a doctor's letter; how it binds ASN is not verified
        syarat="surat keterangan dokter atau bidan",
        resmi=True,
        surat=Letter.LEAVE,
    ),
    "cuti alasan penting": IzinKind(
        kata=["cuti alasan penting", "cuti karena alasan penting", "cuti menikah", "cuti duka"],
        rute=LEAVE_STEPS,
        satuan=LengthUnit.CALENDAR,
        paling_lama_bulan=1,
        syarat="surat keterangan (rawat inap, kematian, nikah, atau RT)",
        resmi=True,
        surat=Letter.LEAVE,
        panggil=True,
    ),
    "cuti di luar tanggungan negara": IzinKind(
        kata=["cuti di luar tanggungan negara", "cuti luar tanggungan negara", "cltn"],
        rute=LEAVE_STEPS,
        rutin=False,
        lewat_bkpsdm=True,
    ),
    "izin jam": IzinKind(
        kata=["datang terlambat", "datang telat", "terlambat", "telat", "pulang cepat", "pulang awal", "keluar kantor"],
        bukan=["dibahas", "laporan", "rekap"],
        rute=[ApprovalStep()],
        jam=True,
        surat=Letter.NONE,
    ),
}


class Entitlement(Options):
    """What a status of staff is entitled to."""

    masa_kerja_bulan: int = 12
    """Months of unbroken service before there is annual leave."""
    sisa: int = 6
    """Days of last year that may be taken in this one."""
    sisa_dua_tahun: int = 12
    """The same where none was taken in two years running."""
    bukan: list[str] = []
    """Kinds that there are not."""


UNPAID = "cuti di luar tanggungan negara"
RIGHTS = {
    "pns": Entitlement(),
    "cpns": Entitlement(bukan=[GREAT, UNPAID]),
    # Peraturan BKN 7/2022 carries days only in contracts of more than two (6) or three years (12), which are not known here.
    "pppk": Entitlement(sisa=0, sisa_dua_tahun=0, bukan=[GREAT, UNPAID, "cuti alasan penting"]),
    # No national rule was found for others: it is their contract or a regulation of the city that says.
    "lainnya": Entitlement(masa_kerja_bulan=0, sisa=0, sisa_dua_tahun=0, bukan=[GREAT, UNPAID]),
}
UNKNOWN = Entitlement(masa_kerja_bulan=0, sisa=0, sisa_dua_tahun=0)
"""Of whoever has no status in the directory: this year's days, and nothing refused."""
ABROAD = """umrah, umroh, haji, singapura, malaysia, kuala lumpur, johor, thailand, bangkok, vietnam, hanoi, filipina,
manila, brunei, jepang, tokyo, osaka, korea, seoul, china, cina, tiongkok, beijing, shanghai, hongkong, taiwan,
india, australia, sydney, melbourne, selandia baru, belanda, amsterdam, jerman, berlin, perancis, paris,
inggris, london, italia, spanyol, turki, istanbul, dubai, qatar, doha, arab saudi, mekkah, makkah, madinah,
jeddah, mesir, kairo, amerika, usa, new york, kanada, eropa, swiss, jenewa"""
"""Names of foreign places that make the draft ask."""


class IzinOptions(BusinessHoursOptions):
    """`[plugin.izin]`."""

    jenis: dict[str, IzinKind] = KINDS
    hak: dict[str, Entitlement] = RIGHTS
    """By status in the directory (pns, cpns, pppk, lainnya): what there is."""
    cuti_bersama_masuk: dict[str, list[date]] = {}
    """By unit: days of joint leave on which it worked; each is a day more of annual leave (PP 11/2017 art. 333)."""
    atas_nama: str = "Wali Kota"
    """In whose name leave is granted by others, as letters write it."""
    dasar_delegasi: str = ""
    """The decree by which the mayor delegated that, with number and date: printed on the letter."""
    tembusan: list[str] = []
    """Who gets a copy of the letter."""
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
