"""Rows of proposals, votes and decisions, and how votes are counted."""

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
"""How a proposal is decided."""


class UsulStatus(StrEnum):
    """The states of a proposal."""

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
    """A proposal: agreed to by silence until `batas`, or voted on openly or secretly."""

    states: ClassVar[StateMachine] = StateMachine("usul", MOVES, refusal="rapat.usul_sudah", words="rapat.usul_status")

    rapat: int = Field(sa_type=BigInteger, index=True)
    isi: str = Field(sa_type=Text)
    oleh: int = Field(sa_type=BigInteger)
    cara: str
    batas: datetime | None = None
    pemilih: str = Field(default="[]", sa_type=Text)
    """The persons whose silence agrees, JSON."""
    tak_sampai: str = Field(default="[]", sa_type=Text)
    """Those whom the question did not reach, JSON."""
    status: str = Field(default=UsulStatus.RUNNING)
    hasil: str = Field(default="{}", sa_type=Text)
    """A `VoteCount` and the quorum, JSON."""
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
    """A participant's vote; in a secret vote without the answer."""

    __table_args__ = (UniqueConstraint("usul", "orang", name="uq_rapat_suara_orang"),)

    usul: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger)
    oleh: int = Field(sa_type=BigInteger)
    """Who cast it: `orang`, or their proxy."""
    jawab: str = ""
    alasan: str = Field(default="", sa_type=Text)
    pada: datetime


class Kertas(Table, table=True):
    """One ballot of a secret vote. Its id is random, so that it reveals neither order nor voter."""

    usul: int = Field(sa_type=BigInteger, index=True)
    jawab: str


class Keputusan(Table, table=True):
    """A decision, the `urut`-th of its meeting; never changed, only replaced by a later one."""

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
    """The decision it replaces; 0 for none."""
    pada: datetime


class VoteCount(NamedTuple):
    """The result of a vote; `diam` counts those whose silence agrees."""

    setuju: int
    tolak: int
    abstain: int
    diam: int = 0

    @property
    def given(self) -> int:
        return self.setuju + self.tolak + self.abstain + self.diam


def count_votes(votes: Iterable[str], silent: int = 0) -> VoteCount:
    """Counts votes."""
    given = list(votes)
    return VoteCount(given.count(FOR), given.count(AGAINST), given.count(ABSTAIN), silent)


def compute_verdict(cara: str, result: VoteCount, needed: int) -> str:
    """The verdict: rejected without a quorum, and by silence with any objection."""
    if result.given < needed:
        return UsulStatus.REJECTED
    if cara == SILENCE:
        return UsulStatus.AGREED if not result.tolak and result.setuju + result.diam else UsulStatus.REJECTED
    return UsulStatus.AGREED if result.setuju > result.tolak else UsulStatus.REJECTED
