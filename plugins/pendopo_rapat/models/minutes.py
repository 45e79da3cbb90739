"""Rows of agenda items, recorded messages, minutes, series and calendar feeds."""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec
from pendopo import Document, Photo
from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from pendopo_rapat.models.meetings import Table


class ButirStatus(StrEnum):
    """The states of an item of the agenda."""

    WAITING = "menunggu"
    CURRENT = "berjalan"
    TALKED = "selesai"


class NotulenStatus(StrEnum):
    """The states of a version of minutes."""

    DRAFT = "draf"
    REPLACED = "diganti"
    SEALED = "disahkan"


class SeriStatus(StrEnum):
    """The states of a series of meetings."""

    ACTIVE = "aktif"
    STOPPED = "berhenti"


class Butir(Table, table=True):
    """One item of the agenda."""

    __table_args__ = (UniqueConstraint("rapat", "urut", name="uq_rapat_butir_urut"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    urut: int
    isi: str = Field(sa_type=Text)
    menit: int = 0
    """Minutes it may take; 0 for no limit."""
    status: str = Field(default=ButirStatus.WAITING)
    oleh: int = Field(sa_type=BigInteger)
    mulai: datetime | None = None
    dibuat: datetime


class Bahan(Table, table=True):
    """One recorded message of a meeting; once excluded it keeps no text or files."""

    __table_args__ = (Index("ix_rapat_bahan_kunci", "rapat", "kunci"),)

    rapat: int = Field(sa_type=BigInteger)
    orang: int = Field(sa_type=BigInteger, index=True)
    kunci: str
    """The messenger's id of the message."""
    butir: int = Field(default=0, sa_type=BigInteger)
    isi: str = Field(sa_type=Text)
    berkas: str = Field(default="[]", sa_type=Text)
    dikecualikan: bool = False
    pada: datetime

    @property
    def files(self) -> list[Photo | Document]:
        return msgspec.json.decode(self.berkas or "[]", type=list[Photo | Document])

    def exclude(self) -> bool:
        """Removes text and files; False when that was done already."""
        if self.dikecualikan:
            return False
        self.dikecualikan, self.isi, self.berkas = True, "", "[]"
        return True


class MinutesLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a table in the minutes, as printed."""

    apa: str
    siapa: str = ""
    waktu: str = ""
    tanda: str = ""


class MinutesContent(msgspec.Struct, frozen=True, kw_only=True):
    """The content of minutes: plain text, so that later changes elsewhere do not reach it."""

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
    """One version of a meeting's minutes; triggers of the database keep an approved one from changing."""

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
    """The PDF of minutes approved before `Rapat.naskah` was there."""

    @classmethod
    def new(cls, rapat: int, versi: int, isi: MinutesContent, oleh: int, now: datetime) -> "Notulen":
        """A version with the digest of its content."""
        words = msgspec.json.encode(isi, order="sorted").decode()
        return cls(rapat=rapat, versi=versi, isi=words, sidik=compute_digest(rapat, versi, words), oleh=oleh, pada=now)

    @property
    def content(self) -> MinutesContent:
        return msgspec.json.decode(self.isi, type=MinutesContent)

    @property
    def is_intact(self) -> bool:
        """Whether the content matches its digest."""
        return compute_digest(self.rapat, self.versi, self.isi) == self.sidik


def compute_digest(rapat: int, versi: int, isi: str) -> str:
    """SHA-256 of meeting, version and content, in hexadecimal."""
    return hashlib.sha256(f"{rapat}\n{versi}\n{isi}".encode()).hexdigest()


class Seri(Table, table=True):
    """A recurring meeting: what its turns are made of."""

    judul: str = Field(sa_type=Text)
    waktu: str = Field(sa_type=Text)
    """A `Recurrence`, JSON."""
    libur: str = "skip"
    """A `HolidayRule`."""
    tempat: str = Field(default="", sa_type=Text)
    asal: str = Field(sa_type=Text)
    ruang: str = ""
    topik: str = ""
    undang: str = Field(default="", sa_type=Text)
    """The participants as text, resolved anew for every turn."""
    pembuat: int = Field(sa_type=BigInteger, index=True)
    pimpinan: int = Field(sa_type=BigInteger)
    notulis: int = Field(sa_type=BigInteger)
    jabatan: str = ""
    status: str = Field(default=SeriStatus.STOPPED)
    berikut: datetime | None = None
    """The turn that was set last; the next one is after it."""
    dibuat: datetime


class Langganan(Table, table=True):
    """A personal calendar feed."""

    __table_args__ = (UniqueConstraint("orang", name="uq_rapat_langganan_orang"),)

    orang: int = Field(sa_type=BigInteger)
    sidik: str = Field(index=True)
    """Digest of the secret address, which itself is not kept."""
    dibuat: datetime
