"""What is proposed, voted on and decided."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from pendopo import StateMachine
from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from pendopo_rapat.models.meetings import Table

SILENCE, OPENLY, SECRETLY = "diam", "terbuka", "rahasia"


class UsulStatus(StrEnum):
    RUNNING = "berjalan"
    COUNTING = "dihitung"
    AGREED = "disepakati"
    REJECTED = "ditolak"
    WITHDRAWN = "ditarik"


MOVES: Mapping[str, frozenset[str]] = {
    UsulStatus.RUNNING: frozenset({UsulStatus.COUNTING, UsulStatus.WITHDRAWN}),
    UsulStatus.COUNTING: frozenset({UsulStatus.AGREED, UsulStatus.REJECTED}),
    UsulStatus.AGREED: frozenset(),
    UsulStatus.REJECTED: frozenset(),
    UsulStatus.WITHDRAWN: frozenset(),
}
FOR, AGAINST, ABSTAIN = "setuju", "tolak", "abstain"


class Usul(Table, table=True):
    """Something proposed: agreed to by silence until `batas`, or voted on openly or secretly.

    `pemilih` are the persons whose silence counts (JSON), `tak_sampai` those of them whom nothing reached. `hasil` is what
    came of it, as numbers (JSON).
    """

    states: ClassVar[StateMachine] = StateMachine("usul", MOVES, refusal="rapat.usul_sudah", words="rapat.usul_status")

    rapat: int = Field(sa_type=BigInteger, index=True)
    isi: str = Field(sa_type=Text)
    oleh: int = Field(sa_type=BigInteger)
    cara: str
    batas: datetime | None = None
    pemilih: str = Field(default="[]", sa_type=Text)
    tak_sampai: str = Field(default="[]", sa_type=Text)
    status: str = Field(default=UsulStatus.RUNNING)
    hasil: str = Field(default="{}", sa_type=Text)
    dibuat: datetime
    pesan: str = ""

    @property
    def listed(self) -> list[int]:
        read: list[int] = json.loads(self.pemilih)
        return read

    @property
    def unreached(self) -> list[int]:
        read: list[int] = json.loads(self.tak_sampai)
        return read


class Suara(Table, table=True):
    """That somebody voted; what they said, unless it is secret. `oleh` is who said it for them."""

    __table_args__ = (UniqueConstraint("usul", "orang", name="uq_rapat_suara_orang"),)

    usul: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger)
    oleh: int = Field(sa_type=BigInteger)
    jawab: str = ""
    alasan: str = Field(default="", sa_type=Text)
    pada: datetime


class Kertas(Table, table=True):
    """One paper of a secret vote. Its number is drawn by lot, so that it tells of no order and nobody."""

    usul: int = Field(sa_type=BigInteger, index=True)
    jawab: str


class Keputusan(Table, table=True):
    """A decision, the `urut`-th of its meeting. It is never changed; another one may take its place (`mengganti`)."""

    __table_args__ = (
        UniqueConstraint("rapat", "urut", name="uq_rapat_keputusan_urut"),
        *(
            Index(f"uq_rapat_keputusan_{name}", name, unique=True, sqlite_where=text(where), postgresql_where=text(where))
            for name, where in (("mengganti", "mengganti <> 0"), ("usul", "usul <> 0"))
        ),
    )

    rapat: int = Field(sa_type=BigInteger, index=True)
    urut: int
    isi: str = Field(sa_type=Text)
    oleh: int = Field(sa_type=BigInteger)
    kapasitas: str = ""
    usul: int = Field(default=0, sa_type=BigInteger)
    mengganti: int = Field(default=0, sa_type=BigInteger)
    pada: datetime


class VoteCount(NamedTuple):
    """What came of a vote; of silence, `diam` are those who said nothing and so agree."""

    setuju: int
    tolak: int
    abstain: int
    diam: int = 0

    @property
    def given(self) -> int:
        return self.setuju + self.tolak + self.abstain + self.diam


def count_votes(votes: Iterable[str], silent: int = 0) -> VoteCount:
    """Count votes."""
    given = list(votes)
    return VoteCount(given.count(FOR), given.count(AGAINST), given.count(ABSTAIN), silent)


def compute_verdict(cara: str, result: VoteCount, needed: int) -> str:
    """What a vote comes to: without a quorum nothing is agreed, by silence nothing anybody objects to."""
    if result.given < needed:
        return UsulStatus.REJECTED
    if cara == SILENCE:
        return UsulStatus.AGREED if not result.tolak and result.setuju + result.diam else UsulStatus.REJECTED
    return UsulStatus.AGREED if result.setuju > result.tolak else UsulStatus.REJECTED
