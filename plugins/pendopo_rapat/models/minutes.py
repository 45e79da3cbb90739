"""What is talked about, what was said, and the minutes of it."""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec
from pendopo import Document, Photo
from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from pendopo_rapat.models.meetings import Table


class ButirStatus(StrEnum):
    WAITING = "menunggu"
    CURRENT = "berjalan"
    TALKED = "selesai"


class NotulenStatus(StrEnum):
    DRAFT = "draf"
    REPLACED = "diganti"
    SEALED = "disahkan"


class SeriStatus(StrEnum):
    ACTIVE = "aktif"
    STOPPED = "berhenti"


class Butir(Table, table=True):
    """One item of the agenda, with the minutes it may take (0: as long as it takes)."""

    __table_args__ = (UniqueConstraint("rapat", "urut", name="uq_rapat_butir_urut"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    urut: int
    isi: str = Field(sa_type=Text)
    menit: int = 0
    status: str = Field(default=ButirStatus.WAITING)
    oleh: int = Field(sa_type=BigInteger)
    mulai: datetime | None = None
    dibuat: datetime


class Bahan(Table, table=True):
    """Something said while a meeting was open, in its chat; `kunci` is the message. Excluded, it has no words."""

    __table_args__ = (Index("ix_rapat_bahan_kunci", "rapat", "kunci"),)

    rapat: int = Field(sa_type=BigInteger)
    orang: int = Field(sa_type=BigInteger, index=True)
    kunci: str
    butir: int = Field(default=0, sa_type=BigInteger)
    isi: str = Field(sa_type=Text)
    berkas: str = Field(default="[]", sa_type=Text)
    dikecualikan: bool = False
    pada: datetime

    @property
    def files(self) -> list[Photo | Document]:
        return msgspec.json.decode(self.berkas or "[]", type=list[Photo | Document])

    def exclude(self) -> bool:
        """Take its words out of the record; False when they are out already."""
        if self.dikecualikan:
            return False
        self.dikecualikan, self.isi, self.berkas = True, "", "[]"
        return True


class MinutesLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a table in the minutes: names and words as they stand on paper."""

    apa: str
    siapa: str = ""
    waktu: str = ""
    tanda: str = ""


class MinutesContent(msgspec.Struct, frozen=True, kw_only=True):
    """The minutes themselves: plain words, so that nothing that changes later changes them."""

    kop: list[str]
    nomor: int
    judul: str
    hari: str
    dibuka: str
    ditutup: str
    tempat: str
    pimpinan: str
    notulis: str
    hadir: list[MinutesLine]
    mewakili: list[MinutesLine]
    izin: list[str]
    tanpa: list[str]
    tamu: list[str]
    kuorum: str
    agenda: list[str]
    pembahasan: list[str]
    usul: list[MinutesLine]
    keputusan: list[MinutesLine]
    tindak: list[MinutesLine]
    dikecualikan: int
    foto: list[Photo] = []
    penutup: str = ""


class Notulen(Table, table=True):
    """One version of a meeting's minutes. The one that is approved is frozen: the database lets nothing change it."""

    __table_args__ = (UniqueConstraint("rapat", "versi", name="uq_rapat_notulen_versi"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    versi: int
    isi: str = Field(sa_type=Text)
    sidik: str
    status: str = Field(default=NotulenStatus.DRAFT)
    oleh: int = Field(sa_type=BigInteger)
    pada: datetime
    disahkan_oleh: int = Field(default=0, sa_type=BigInteger)
    kapasitas: str = ""
    disahkan: datetime | None = None
    berkas: str = ""

    @classmethod
    def new(cls, rapat: int, versi: int, isi: MinutesContent, oleh: int, now: datetime) -> "Notulen":
        """A version, with the digest of what stands in it."""
        words = msgspec.json.encode(isi, order="sorted").decode()
        return cls(rapat=rapat, versi=versi, isi=words, sidik=compute_digest(rapat, versi, words), oleh=oleh, pada=now)

    @property
    def content(self) -> MinutesContent:
        return msgspec.json.decode(self.isi, type=MinutesContent)

    @property
    def is_intact(self) -> bool:
        """Whether its words are those of its digest."""
        return compute_digest(self.rapat, self.versi, self.isi) == self.sidik


def compute_digest(rapat: int, versi: int, isi: str) -> str:
    """What proves which words a version holds (SHA-256)."""
    return hashlib.sha256(f"{rapat}\n{versi}\n{isi}".encode()).hexdigest()


class Seri(Table, table=True):
    """A meeting that recurs: what each turn is made of. `waktu` is an Every (JSON), `berikut` the turn that is called next."""

    judul: str = Field(sa_type=Text)
    waktu: str = Field(sa_type=Text)
    libur: str = "skip"
    tempat: str = Field(default="", sa_type=Text)
    asal: str = Field(sa_type=Text)
    ruang: str = ""
    topik: str = ""
    undang: str = Field(default="", sa_type=Text)
    pembuat: int = Field(sa_type=BigInteger, index=True)
    pimpinan: int = Field(sa_type=BigInteger)
    notulis: int = Field(sa_type=BigInteger)
    jabatan: str = ""
    status: str = Field(default=SeriStatus.STOPPED)
    berikut: datetime | None = None
    dibuat: datetime


class Langganan(Table, table=True):
    """A personal calendar that a phone fetches. Of its secret address only a digest is kept."""

    __table_args__ = (UniqueConstraint("orang", name="uq_rapat_langganan_orang"),)

    orang: int = Field(sa_type=BigInteger)
    sidik: str = Field(index=True)
    dibuat: datetime
