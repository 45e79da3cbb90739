"""A disposisi and the rules that live on it: one explicit state machine, deadline colours, and the letters it may be about."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec
from pendopo import Chat, Document, Item, Person, Photo, Phrase, Row, StateMachine, tables
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field


class Status(StrEnum):
    SENT = "dikirim"
    RECEIVED = "diterima"
    ANSWERED = "dijawab"
    CLOSED = "selesai"
    RECALLED = "ditarik"


MOVES: Mapping[str, frozenset[str]] = {
    Status.SENT: frozenset({Status.RECEIVED, Status.ANSWERED, Status.RECALLED}),
    Status.RECEIVED: frozenset({Status.ANSWERED, Status.RECALLED}),
    Status.ANSWERED: frozenset({Status.RECEIVED, Status.CLOSED, Status.RECALLED}),
    Status.CLOSED: frozenset(),
    Status.RECALLED: frozenset(),
}
"""Where a disposisi may go from each state. Nothing else is possible, by whatever route."""
WAITING = frozenset({Status.SENT, Status.RECEIVED})
OPEN = WAITING | {Status.ANSWERED}
SOON = timedelta(days=2)
"""So long before its deadline a disposisi turns yellow."""
LONGEST = 2000


class Table(Row, registry=tables("disposisi")):
    """The base of this plugin's rows."""


class Disposisi(Table, table=True):
    """One handing on: from whom, to whom, of what.

    `butir` is the key of the item ("laporan/311"), `judul` and `rincian` how it was shown then, JSON. `induk` is the disposisi
    that this one hands further, 0 for none. `jabatan` is the post that was meant, so that whoever holds it later, or stands in,
    answers. `pesan` is the card of the receiver, `kabar` the message in which the giver sees how it stands, in the chat `asal`.
    """

    states: ClassVar[StateMachine] = StateMachine("disposisi", MOVES, refusal="disposisi.sudah", words="disposisi.status")
    __table_args__ = (Index("ix_disposisi_kepada", "kepada", "status"), Index("ix_disposisi_dari", "dari", "status"))

    butir: str = Field(index=True)
    judul: str = Field(sa_type=Text)
    rincian: str = Field(default="[]", sa_type=Text)
    berkas: str = Field(default="[]", sa_type=Text)
    jalan: str = Field(default="")
    induk: int = Field(default=0, sa_type=BigInteger, index=True)
    dari: int = Field(sa_type=BigInteger)
    kapasitas: str = ""
    kepada: int = Field(sa_type=BigInteger)
    jabatan: str = ""
    isi: str = Field(sa_type=Text)
    tenggat: datetime | None = None
    status: str = Field(default=Status.SENT)
    jawaban: str = Field(default="", sa_type=Text)
    lampiran: str = Field(default="[]", sa_type=Text)
    kembali: int = 0
    dibuat: datetime
    diterima: datetime | None = None
    dijawab: datetime | None = None
    ditutup: datetime | None = None
    asal: str = Field(default="", sa_type=Text)
    pesan: str = ""
    kabar: str = Field(default="", index=True)

    @classmethod
    def for_item(cls, item: Item, dari: Person, kepada: Person, isi: str, now: datetime) -> "Disposisi":
        """A disposisi of an item, as it is shown at this moment."""
        return cls(
            butir=item.key,
            judul=_encode_json(item.title),
            rincian=_encode_json(list(item.lines)),
            berkas=_encode_json(list(item.files)),
            jalan=item.route.name if item.route else "",
            dari=dari.id,
            kepada=kepada.id,
            isi=isi[:1].upper() + isi[1:LONGEST],
            dibuat=now,
        )

    def make_child(self, dari: Person, kepada: Person, isi: str, now: datetime) -> "Disposisi":
        """The same item, handed further down."""
        same = {name: getattr(self, name) for name in ("butir", "judul", "rincian", "berkas", "jalan")}
        isi = isi[:1].upper() + isi[1:LONGEST]
        return Disposisi(**same, induk=self.id or 0, dari=dari.id, kepada=kepada.id, isi=isi, dibuat=now)

    @property
    def title(self) -> Phrase:
        return msgspec.json.decode(self.judul, type=Phrase)

    @property
    def lines(self) -> Sequence[Phrase]:
        return msgspec.json.decode(self.rincian, type=list[Phrase])

    @property
    def files(self) -> Sequence[Photo | Document]:
        return msgspec.json.decode(self.berkas or "[]", type=list[Photo | Document])

    @property
    def proof(self) -> Sequence[Photo | Document]:
        """What came with the answer."""
        return msgspec.json.decode(self.lampiran or "[]", type=list[Photo | Document])

    @property
    def chat(self) -> Chat:
        """Where it was given."""
        return msgspec.json.decode(self.asal, type=Chat)

    def enter_state(self, to: str, now: datetime) -> str:
        """Go into another state; returns the one before. Raises `UserError` where that is no move."""
        before = self.states.enter(self, to)
        if to == Status.RECEIVED and self.diterima is None:
            self.diterima = now
        if to == Status.ANSWERED:
            self.dijawab = now
        if to in (Status.CLOSED, Status.RECALLED):
            self.ditutup = now
        return before

    def get_colour(self, now: datetime) -> str:
        """Green, yellow from two days before the deadline, red after it; none without one, and a tick when it is done."""
        if self.status not in WAITING:
            return {Status.ANSWERED: "☑️", Status.CLOSED: "✅", Status.RECALLED: "✖️"}[Status(self.status)]
        if self.tenggat is None:
            return "⚪"
        return "🔴" if now > self.tenggat else "🟡" if now > self.tenggat - SOON else "🟢"


class Surat(Table, table=True):
    """What a disposisi is about when no plugin knows it: a photographed letter, a file, a quoted message, or only words."""

    dari: int = Field(sa_type=BigInteger, index=True)
    perihal: str = Field(default="", sa_type=Text)
    berkas: str = Field(default="[]", sa_type=Text)
    dibuat: datetime


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
