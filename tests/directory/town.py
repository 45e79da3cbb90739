"""A city with heads, secretaries, camat and lurah, whose names are looked up."""

from datetime import UTC, datetime

from pendopo.directory import People
from pendopo.model import Holding, Mandate, MandateKind, Person, Post, Unit

NOW = datetime(2026, 8, 12, tzinfo=UTC)
UNITS = {
    unit.code: unit
    for unit in (
        Unit("kota", "Pemerintah Kota"),
        Unit("setda", "Sekretariat Daerah", "kota"),
        Unit("dpu", "Dinas Pekerjaan Umum", "setda"),
        Unit("dinkes", "Dinas Kesehatan", "setda"),
        Unit("dishub", "Dinas Perhubungan", "setda"),
        Unit("dsdabm", "Dinas Sumber Daya Air dan Bina Marga", "setda"),
        Unit("coblong", "Kecamatan Coblong", "setda"),
        Unit("lengkong", "Kecamatan Lengkong", "setda"),
        Unit("dago", "Kelurahan Dago", "coblong"),
        Unit("sekeloa", "Kelurahan Sekeloa", "coblong"),
        Unit("malabar", "Kelurahan Malabar", "lengkong"),
    )
}
ROWS = (
    ("walikota", "Wali Kota", "kota", "", "Dewi Anggraeni"),
    ("wakil", "Wakil Wali Kota", "kota", "walikota", "Erwin Setiawan"),
    ("sekda", "Sekda", "setda", "walikota", "Ir. H. Bambang Suryana, M.T."),
    ("asda2", "Asisten Perekonomian dan Pembangunan", "setda", "sekda", "Eric Mahendra"),
    ("kadispu", "Kadis PU", "dpu", "sekda", "Rina Hidayat"),
    ("sekdispu", "Sekretaris Dinas", "dpu", "kadispu", "Siti Aminah"),
    ("kadinkes", "Kepala Dinas Kesehatan", "dinkes", "sekda", "dr. Hj. Anhar Hadian, S.K.M., M.Kes."),
    ("sekdinkes", "Sekretaris Dinas Kesehatan", "dinkes", "kadinkes", "Agus Salim"),
    ("yankes", "Kepala Bidang Pelayanan Kesehatan", "dinkes", "kadinkes", "Ira Dewi"),
    ("kadishub", "Kadishub", "dishub", "sekda", "Agus Permana"),
    ("kadisda", "Kepala Dinas Sumber Daya Air dan Bina Marga", "dsdabm", "sekda", "Didi Ruswandi"),
    ("camat-c", "Camat Coblong", "coblong", "sekda", "Hendra Gunawan"),
    ("sekcam-c", "Sekretaris Kecamatan", "coblong", "camat-c", "Tatang Suhendar"),
    ("camat-l", "Camat Lengkong", "lengkong", "sekda", "Lina Marlina"),
    ("sekcam-l", "Sekcam", "lengkong", "camat-l", "Budi Hartono"),
    ("lurah-d", "Lurah Dago", "dago", "camat-c", "Yuyun Wahyuni"),
    ("lurah-s", "Lurah Sekeloa", "sekeloa", "camat-c", "Indah Permata"),
    ("lurah-m", "Lurah Malabar", "malabar", "camat-l", "Cahya Komara"),
    ("kalak", "Kepala Pelaksana BPBD", "setda", "sekda", ""),
)
"""Code, title, unit, superior, holder."""
ALIASES = {"kadispu": ("Kepala PUTR",), "camat-c": ("Pak Coblong",)}


def make_people() -> People:
    """The directory of this city; the BPBD's head is a Plt, the Sekda has an ajudan."""
    posts = {code: Post(code, title, unit, above, frozenset(), ALIASES.get(code, ())) for code, title, unit, above, _ in ROWS}
    held = {code: number for number, (code, *_, name) in enumerate(ROWS, 1) if name}
    persons = {held[code]: Person(held[code], name, title) for code, title, _, _, name in ROWS if name}
    persons[90] = Person(90, "Dani Ramdan")
    persons[91] = Person(91, "Tono Wijaya")
    mandates = (
        Mandate(90, "sekda", kind=MandateKind.AJUDAN, id=1),
        Mandate(91, "kalak", kind=MandateKind.PLT, id=2),
    )
    return People(
        persons,
        posts=posts,
        units=UNITS,
        holdings=[Holding(person, code) for code, person in held.items()],
        mandates=mandates,
        taken_at=NOW,
        called={held["kadishub"]: ("Kang Agoy",)},
    )


PEOPLE = make_people()


def find_holder(code: str) -> Person:
    """Who holds a post."""
    return PEOPLE.holders_of(code, NOW)[0]
