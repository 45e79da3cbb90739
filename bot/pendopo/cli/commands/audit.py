"""`pendopo audit`: verifies and exports the audit log."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from pendopo.cli.bootstrap.databases import open_offline
from pendopo.cli.options import InjectedOptions
from pendopo.cli.output import PROBLEM, escape_controls, format_instant, print_json
from pendopo.config import Settings
from pendopo.errors import OperatorError
from pendopo.model.ids import from_ms, to_ms
from pendopo.store import Database
from pendopo.store.audit_heads import HeadRecord, explain_lost, read_head_file, read_record
from pendopo.store.audit_proof import Proof, ProofLine, find_proof_fault, make_proof, parse_proof
from pendopo.store.queries import audit, people
from pendopo.store.queries.settings import POSTED, read_setting

BATCH = 1000
"""Lines read at a time, so that an export of any length takes the same memory."""


async def verify_log(
    *, heads: Annotated[tuple[str, ...], Parameter(name="--head", negative="")] = (), options: InjectedOptions
) -> int:
    """Check that no line of the audit log was changed, removed or put between others, and that its end is there.

    The log must hold every head that is known: those noted beside the data (audit-heads.json), posted in a chat or written into
    audit.head_file, and those you give.

    Parameters
    ----------
    heads
        A head that was printed or posted earlier, as LINE:HASH; may be given several times.
    """
    settings = options.load_settings()
    given = [parse_head(head) for head in heads]
    async with open_offline(settings) as database:
        verdict = await audit.verify_chain(database)
        lost = await find_lost_heads(database, settings, given)
        newest, unguarded = await audit.read_head(database), await audit.list_missing_guards(database)
    faults = [*_explain_break(verdict), *([f"BROKEN: {explain_lost(lost, newest)}"] if lost else [])]
    if unguarded:
        faults.append(f"{MISSING_GUARDS} ({', '.join(unguarded)}); the next start of the bot makes it again.")
    erased = f" The words of {verdict.erased} were erased, as later lines account for." if verdict.erased else ""
    found = {"line": newest.line, "lost": list(map(str, lost)), "unguarded": unguarded}
    options.print_answer(
        {"ok": not faults} | msgspec.structs.asdict(verdict) | found,
        "\n".join(faults) or f"{verdict.rows} lines, all whole. Head: {newest}{erased}",
    )
    return PROBLEM if faults else 0


MISSING_GUARDS = "The protection of the audit log is missing in the database"


def _explain_break(verdict: audit.Verdict) -> list[str]:
    if not verdict.broken_at:
        return []
    return [
        f"BROKEN at line {verdict.broken_at}: it, or what stood before it, was changed or removed.\n"
        f"The {verdict.rows} lines before it hold. Compare with a backup (pendopo restore) before you trust what follows."
    ]


def parse_head(said: str) -> audit.Head:
    """Read LINE:HASH. Raises `OperatorError`."""
    found = re.fullmatch(r"\s*(\d{1,18}):([0-9a-f]{8,64})\s*", said.lower(), re.ASCII)
    if found is None:
        raise OperatorError(f"a head is LINE:HASH, as `pendopo audit verify` prints it, not {said!r}")
    return audit.Head(int(found[1]), found[2])


async def find_lost_heads(database: Database, settings: Settings, given: Sequence[audit.Head] = ()) -> list[audit.Head]:
    """The heads that are known from anywhere and are not in the log. Raises `OperatorError` for one that cannot be read."""
    record = read_record(Path(settings.data_dir), settings.database.url) or HeadRecord()
    written = read_head_file(Path(settings.audit.head_file)) if settings.audit.head_file else []
    posted = await read_setting(database, POSTED)
    heads = [*given, *record.lost, record.newest, *map(parse_head, written), *([parse_head(posted)] if posted else [])]
    lost = {head.line: head for head in heads if head.line and not await audit.has_head(database, head)}
    accepted = [parse_head(head) for head in await audit.list_accepted(database)]
    return [head for head in lost.values() if not any(head.hash == known.hash for known in accepted)]


async def accept_loss(*, reason: str, options: InjectedOptions) -> int:
    """Say that lines are gone for good, and why: `verify` is content from then on, and the log itself tells of it.

    Parameters
    ----------
    reason
        Why they are gone, such as "the backup of 26 November was put back".
    """
    settings = options.load_settings()
    async with open_offline(settings) as database:
        lost = await find_lost_heads(database, settings)
        if not lost:
            raise OperatorError("no line is known to be missing")
        entry = audit.AuditEntry(audit.ACCEPTED, "", {"kepala": [str(head) for head in lost]}, reason)
        await database.write(lambda connection: audit.append_entry(connection, entry, to_ms(datetime.now(UTC))))
        said = explain_lost(lost, await audit.read_head(database))
    options.print_answer({"ok": True, "accepted": [str(head) for head in lost]}, f"It stands in the log now: {said}")
    return 0


async def prove_matter(
    kind: str, number: Annotated[int, Parameter(validator=Number(gte=1))], /, *, options: InjectedOptions
) -> int:
    """Write what the log says of one matter, with the chain up to its head, for somebody who need not trust this machine.

    Parameters
    ----------
    kind
        The matter's kind, such as izin.
    number
        Its number.
    """
    async with open_offline(options.load_settings()) as database:
        proof = await make_proof(database, f"{kind}/{number}", await people.list_names(database))
    if fault := find_proof_fault(proof, ()):
        raise OperatorError(f"the log is broken, and proves nothing: {fault}; see pendopo audit verify")
    print(msgspec.json.format(msgspec.json.encode(proof), indent=1).decode())
    return 0


def check_proof(
    file: Path, /, *, heads: Annotated[tuple[str, ...], Parameter(name="--head", negative="")], options: InjectedOptions
) -> int:
    """Check a proof of `audit prove`. This needs no database: a head that was posted in a chat is enough.

    Parameters
    ----------
    file
        The proof.
    heads
        A head that was posted after the decision, as LINE:HASH; may be given several times.
    """
    try:
        proof = parse_proof(file.read_bytes())
    except OSError as error:
        raise OperatorError(f"cannot read {file}: {error.strerror}") from error
    if fault := find_proof_fault(proof, [parse_head(head) for head in heads]):
        raise OperatorError(f"{file} proves nothing: {fault}")
    lines = [_describe_proof_line(line, proof) for line in proof.list_own()]
    first, last = proof.lines[0].id, proof.lines[-1].id
    options.print_answer(
        {"ok": True, "lines": lines},
        "\n".join("\t".join(map(str, line.values())) for line in lines)
        + f"\nAll of it holds: the chain from line {first} to line {last}, with the head that was given. "
        "Names are those of the directory when the proof was made; the chain holds the numbers.",
    )
    return 0


def _describe_proof_line(line: ProofLine, proof: Proof) -> dict[str, Any]:
    """What, who by name and number, in what capacity, when and on which messenger."""
    return {
        "line": line.id,
        "at": f"{from_ms(line.at):%Y-%m-%d %H:%M:%S} UTC",
        "who": f"{proof.names.get(line.person, line.words.account or 'the bot')} (no. {line.person})",
        "capacity": line.capacity,
        "messenger": line.messenger,
        "action": line.action,
        "object": line.object,
        "reason": " ".join(line.words.reason.split()),
    }


async def export_log(*, lines: Literal["text", "json"] = "text", options: InjectedOptions) -> int:
    """Write the audit log, one line an entry, oldest first.

    Parameters
    ----------
    lines
        `json` gives everything, with the hashes; so does --json.
    """
    settings = options.load_settings()
    zone = ZoneInfo(settings.timezone)
    async with open_offline(settings) as database:
        names = await people.list_names(database)
        async for line in _iter_lines(database):
            entry = _parse_audit_row(line)
            if options.json or lines == "json":
                print_json(entry)
            else:
                print(escape_controls(_format_audit_entry(entry, names, format_instant(entry["at"], zone))))
    return 0


def _parse_audit_row(line: audit.Line) -> dict[str, Any]:
    """Return a line with its note, or without one when it was erased."""
    entry = line._asdict()
    erased = entry.pop("body") is None
    return entry | msgspec.structs.asdict(line.note) | {"erased": erased}


def _format_audit_entry(entry: dict[str, Any], names: dict[int, str], at: str) -> str:
    who = names.get(entry["person"]) or entry["account"] or "the bot"
    who = f"{who} ({entry['capacity']})" if entry["capacity"] else who
    parts = (str(entry["id"]), at, who, entry["action"], entry["object"], entry["reason"])
    return "\t".join(" ".join(part.split()) for part in parts).rstrip()


async def _iter_lines(database: Database) -> AsyncIterator[audit.Line]:
    """Iterate over all entries in constant memory."""
    last = 0
    while lines := await audit.list_lines(database, last, BATCH):
        for line in lines:
            yield line
        last = lines[-1].id
