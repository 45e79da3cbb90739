"""Rows of disposisi with their rules: the state machine, deadline colours, and letters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec
from pendopo import Chat, Document, Item, Person, Photo, Phrase, Row, StateMachine, tables
from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field


class Status(StrEnum):
    """The states of a disposisi."""

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
"""The allowed moves from each state."""
WAITING = frozenset({Status.SENT, Status.RECEIVED})
"""States that wait for the receiver."""
OPEN = WAITING | {Status.ANSWERED}
SOON = timedelta(days=2)
"""A disposisi turns yellow this long before its deadline."""
LONGEST = 2000
"""Characters of an instruction that are kept."""


class Table(Row, registry=tables("disposisi")):
    """The base of this plugin's rows."""


class Disposisi(Table, table=True):
    """One assignment: who gave which item to whom."""

    states: ClassVar[StateMachine] = StateMachine("disposisi", MOVES, refusal="disposisi.sudah", words="disposisi.status")
    __table_args__ = (Index("ix_disposisi_kepada", "kepada", "status"), Index("ix_disposisi_dari", "dari", "status"))

    butir: str = Field(index=True)
    """Key of the item, as in "laporan/311"."""
    judul: str = Field(sa_type=Text)
    rincian: str = Field(default="[]", sa_type=Text)
    """`judul` and `rincian`: the item's title and lines as shown at that time, JSON."""
    berkas: str = Field(default="[]", sa_type=Text)
    jalan: str = Field(default="")
    """Name of the item's own route that is told who holds it; "" for none."""
    induk: int = Field(default=0, sa_type=BigInteger, index=True)
    """The disposisi this one hands further; 0 for none."""
    dari: int = Field(sa_type=BigInteger)
    kapasitas: str = ""
    """The capacity in which the giver acted: a post, or a mandate in one."""
    kepada: int = Field(sa_type=BigInteger)
    jabatan: str = ""
    """The addressed post: its later holders and deputies may answer too."""
    isi: str = Field(sa_type=Text)
    tenggat: datetime | None = None
    status: str = Field(default=Status.SENT)
    jawaban: str = Field(default="", sa_type=Text)
    lampiran: str = Field(default="[]", sa_type=Text)
    kembali: int = 0
    """How often the answer was returned."""
    dibuat: datetime
    diterima: datetime | None = None
    dijawab: datetime | None = None
    ditutup: datetime | None = None
    asal: str = Field(default="", sa_type=Text)
    """The chat it was given in, JSON."""
    pesan: str = ""
    """Key of the receiver's card."""
    kabar: str = Field(default="", index=True)
    """Key of the giver's message in `asal` that shows the state."""

    @classmethod
    def for_item(cls, item: Item, dari: Person, kepada: Person, isi: str, now: datetime) -> "Disposisi":
        """A disposisi of an item; title and lines are copied as they are now."""
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
        """A disposisi of the same item, one step further down."""
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
        """The files sent with the answer."""
        return msgspec.json.decode(self.lampiran or "[]", type=list[Photo | Document])

    @property
    def chat(self) -> Chat:
        """The chat it was given in."""
        return msgspec.json.decode(self.asal, type=Chat)

    def enter_state(self, to: str, now: datetime) -> str:
        """Changes the state and returns the previous one. Raises `UserError` when the move is not allowed."""
        before = self.states.enter(self, to)
        if to == Status.RECEIVED and self.diterima is None:
            self.diterima = now
        if to == Status.ANSWERED:
            self.dijawab = now
        if to in (Status.CLOSED, Status.RECALLED):
            self.ditutup = now
        return before

    def get_colour(self, now: datetime) -> str:
        """Green, yellow from `SOON` before the deadline, red after it, white without one; a tick when answered or done."""
        if self.status not in WAITING:
            return {Status.ANSWERED: "☑️", Status.CLOSED: "✅", Status.RECALLED: "✖️"}[Status(self.status)]
        if self.tenggat is None:
            return "⚪"
        return "🔴" if now > self.tenggat else "🟡" if now > self.tenggat - SOON else "🟢"


class Surat(Table, table=True):
    """The subject of a disposisi that belongs to no plugin: a letter, a file, a quoted message, or only words."""

    dari: int = Field(sa_type=BigInteger, index=True)
    perihal: str = Field(default="", sa_type=Text)
    berkas: str = Field(default="[]", sa_type=Text)
    dibuat: datetime


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
