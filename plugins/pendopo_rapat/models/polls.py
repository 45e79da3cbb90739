"""What a meeting's time is chosen from, and what each says to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pendopo import When
from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from pendopo_rapat.models.base import Table, TimedRow

YES, MAYBE, NO = "ya", "bila", "tidak"


class Opsi(TimedRow, table=True):
    """One time to choose: the `urut`-th of its meeting. Given another time, it keeps its answers."""

    __table_args__ = (UniqueConstraint("rapat", "urut", name="uq_rapat_opsi_urut"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    urut: int

    @classmethod
    def new(cls, rapat: int, urut: int, waktu: When, now: datetime, usual: timedelta) -> "Opsi":
        """A time to choose. Raises `UserError` when it is over, or has no clock."""
        opsi = cls(rapat=rapat, urut=urut, mulai=now, selesai=now)
        opsi.set_time(waktu, now, usual)
        return opsi


class Jawaban(Table, table=True):
    """What somebody says to one time; `otomatis` where their calendar said it for them."""

    __table_args__ = (UniqueConstraint("opsi", "orang", name="uq_rapat_jawaban_orang"),)

    rapat: int = Field(sa_type=BigInteger, index=True)
    opsi: int = Field(sa_type=BigInteger, index=True)
    orang: int = Field(sa_type=BigInteger)
    jawab: str
    otomatis: bool = False
    pada: datetime


def group_answers(answers: Iterable[Jawaban], opsi: int) -> dict[str, list[int]]:
    """Who says what to one time."""
    found: dict[str, list[int]] = {YES: [], MAYBE: [], NO: []}
    for answer in answers:
        if answer.opsi == opsi:
            found[answer.jawab].append(answer.orang)
    return found


def rank_options(options: Iterable[Opsi], answers: Iterable[Jawaban]) -> list[Opsi]:
    """The times, the one for most people first: who can counts before who could if need be, then the earlier one."""
    given = list(answers)

    def rank(opsi: Opsi) -> tuple[int, int, datetime]:
        count = group_answers(given, opsi.id or 0)
        return -len(count[YES]), -len(count[MAYBE]), opsi.mulai

    return sorted(options, key=rank)


__all__ = ["Jawaban", "Opsi", "group_answers", "rank_options"]
