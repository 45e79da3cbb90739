"""What the audit log says of one matter, with the chain up to its head: whoever holds a posted head can check it alone.

Of other matters the proof holds who did what by numbers, without words, names or addresses: the hashes are made of that.
"""

from collections.abc import Mapping, Sequence

import msgspec

from pendopo.errors import OperatorError
from pendopo.store.database import Database
from pendopo.store.queries.audit import AuditNote, Head, Line, digest_note, hash_row, list_about, list_lines, read_salts

FORMAT = 1
"""To be raised when older programs can no longer read what this one writes."""
BATCH = 1000
"""Lines read at a time."""


class ProofLine(msgspec.Struct, frozen=True):
    """One line as the chain holds it; with its note and salt where it is about the matter."""

    id: int
    at: int
    person: int
    messenger: str
    capacity: str
    action: str
    object: str
    digest: str
    correlation: str
    hash: str
    note: str | None = None
    salt: str = ""

    def hash_after(self, previous: str) -> str:
        """The hash that the line must have when it follows another."""
        row = (self.at, self.person, self.messenger, self.capacity, self.action, self.object, self.digest, self.correlation)
        return hash_row(previous, row)

    @property
    def words(self) -> AuditNote:
        """The line's words; none where they are erased, or not of the matter."""
        return msgspec.json.decode(self.note, type=AuditNote) if self.note else AuditNote()


class Proof(msgspec.Struct, frozen=True):
    """The lines from the first about a matter up to the head, the hash before them, and names by the persons' numbers."""

    object: str
    previous: str
    lines: list[ProofLine]
    names: dict[int, str] = {}
    format: int = FORMAT

    def list_own(self) -> list[ProofLine]:
        """The lines about the matter."""
        return [line for line in self.lines if line.object == self.object]


async def make_proof(database: Database, object_: str, names: Mapping[int, str]) -> Proof:
    """Prove what the log says of a matter (`izin/27`). Raises `OperatorError` when it says nothing."""
    about = {line.id for line in await list_about(database, object_)}
    if not about:
        raise OperatorError(f"the audit log has no line about {object_}")
    salts, lines, last = await read_salts(database, about), list[ProofLine](), min(about) - 1
    previous = ""
    while batch := await list_lines(database, last, BATCH):
        previous = previous or batch[0].previous
        lines += [_make_line(line, salts.get(line.id)) for line in batch]
        last = batch[-1].id
    known = {line.person: names[line.person] for line in lines if line.id in about and line.person in names}
    return Proof(object_, previous, lines, known)


def _make_line(line: Line, salt: str | None) -> ProofLine:
    values = {name: getattr(line, name) for name in ProofLine.__struct_fields__[:10]}
    return ProofLine(**values) if salt is None else ProofLine(**values, note=line.body, salt=salt)


def parse_proof(data: bytes) -> Proof:
    """Read a proof. Raises `OperatorError` for what is none."""
    try:
        proof = msgspec.json.decode(data, type=Proof)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorError(f"this is no proof of `pendopo audit prove`: {error}") from error
    if proof.format != FORMAT:
        raise OperatorError("the proof was made by a newer version of Pendopo")
    return proof


def find_proof_fault(proof: Proof, heads: Sequence[Head]) -> str:
    """A sentence about what does not hold in a proof; "" when all of it does, and every head is in it."""
    previous = proof.previous
    for line in proof.lines:
        if line.hash != line.hash_after(previous):
            return f"line {line.id}, or what stood before it, was changed or removed"
        if line.note is not None and digest_note(line.salt, line.note) != line.digest:
            return f"the words of line {line.id} are not those that were written"
        previous = line.hash
    if not proof.list_own():
        return f"no line of it is about {proof.object}"
    hashes = {line.id: line.hash for line in proof.lines}
    for head in heads:
        if not hashes.get(head.line, "").startswith(head.hash):
            return f"line {head.line} is not in it with the hash {head.hash}: it belongs to another log, or ends before that"
    return ""
