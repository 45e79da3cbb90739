"""What a storm must not have done (G1–G5, G8), by what people saw and what the database holds, not by what bots say.

Every line that people said, and that a bot acknowledged, has one effect, in the order of its chat. Every effect is seen by
people once. A message may be seen twice only where a bot was killed between sending it and noting it, on a messenger without
idempotency keys: each such case is named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pendopo.store import open_database
from pendopo.store.queries import audit

from .plugins.kacau import TURNS
from .records import SHOWN, Fault, Records, Said, Sent

WINDOW = 3.0
"""Seconds between a send and the fault that kept it from being noted."""
CUTTING = ("kill", "kill in a send", "pause")
"""What can fall between a send and its record."""
TWICE = "Ini sudah dijawab."
"""What the second of two touches is told where there are no toasts."""
HELD_UP = "held up"
"""What happens to a process that the machine gives no time, though nobody paused it: as good as a pause, and named apart."""
NOTICED = 8.0
"""Seconds until such a process notices."""
OPEN = "SELECT {0}, state, error FROM {1} WHERE state NOT IN ('done', 'sent')"


@dataclass
class Verdict:
    """What is wrong, and which repeats were seen and why."""

    wrong: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    slowest: list[str] = field(default_factory=list)


async def check(records: Records, screens: Sequence[tuple[str, str]], url: str) -> Verdict:
    """Everything, once the storm is over and the bots are gone."""
    verdict = Verdict()
    await _check_database(verdict, records, url)
    verdict.wrong += [f"{said.token} was never acknowledged" for said in records.said.values() if not said.acked]
    _check_screens(verdict, records, screens)
    _check_repeats(verdict, records, screens)
    verdict.slowest = _slowest(records)
    verdict.figures |= {"said": len(records.said), "shown": len(screens), "webhooks": records.hooks}
    return verdict


def _slowest(records: Records) -> list[str]:
    """The answers that people waited for longest, and where the line then stood."""
    answered: dict[str, float] = {}
    for sent in records.sent:
        if "=" in sent.what:
            answered.setdefault(sent.what.partition("=")[0], sent.at)
    waited = sorted(((at - records.said[token].begun, token) for token, at in answered.items()), reverse=True)
    return [f"{token} on {records.said[token].messenger} after {seconds:.1f} s" for seconds, token in waited[:3]]


async def _check_database(verdict: Verdict, records: Records, url: str) -> None:
    database = open_database(url, exclusive=False)
    try:
        counted = await database.read("SELECT chat, token, urutan FROM kacau_hitung ORDER BY id")
        rung = await database.read("SELECT token || '!' || lagi FROM kacau_bunyi")
        taken = await database.read("SELECT token FROM kacau_ambil")
        traces = await database.read("SELECT action, count(*) FROM audit WHERE action LIKE 'kacau.%' GROUP BY action")
        left = [*await database.read(OPEN.format("kind", "inbox")), *await database.read(OPEN.format("chat", "delivery"))]
        waiting = await database.read("SELECT key FROM reminder WHERE state = 'waiting' AND key LIKE 'alarm:%'")
        chain = await audit.verify_chain(database)
    finally:
        await database.close()
    verdict.wrong += _other([row[1] for row in counted], records.said, "counted")
    verdict.wrong += _other([row[0] for row in rung], _rings(records), "rung")
    verdict.wrong += _other([row[0] for row in taken], records.presses, "taken")
    expected = {"kacau.hitung": len(counted), "kacau.bunyi": len(rung), "kacau.ambil": len(taken)}
    verdict.wrong += [
        f"{name}: {expected[name]} rows, {count} lines of the log" for name, count in traces if count != expected[name]
    ]
    verdict.wrong += [f"left over: {row}" for row in left]
    verdict.wrong += [f"never fired: {row[0]}" for row in waiting]
    verdict.wrong += [f"the audit log is broken at line {chain.broken_at}"] if chain.broken_at else []
    verdict.wrong += _disorder(counted, records)
    verdict.figures |= {"events": len(counted), "rings": len(rung), "taken": len(taken), "audit": chain.rows}


def _other(found: Iterable[str], expected: Iterable[str], what: str) -> list[str]:
    """What is there more than once, not at all, or out of nothing."""
    counts, wanted = Counter(found), set(expected)
    wrong = [f"{name} was {what} {count} times" for name, count in counts.items() if count > 1]
    wrong += [f"{name} was never {what}" for name in sorted(wanted - set(counts))]
    return wrong + [f"{name} was {what} and never asked for" for name in sorted(set(counts) - wanted)]


def _rings(records: Records) -> Iterator[str]:
    for token in records.said:
        if token.startswith("a"):
            yield from (f"{token}!{turn}" for turn in range(1, TURNS + 1))


def _disorder(counted: Sequence[Sequence[object]], records: Records) -> list[str]:
    """Numbers that do not follow each other, and lines that overtook one that had been acknowledged before they were said."""
    wrong, chats = [], defaultdict(list)
    for chat, token, number in counted:
        chats[str(chat)].append((str(token), number))
    for chat, rows in chats.items():
        numbers = [number for _, number in rows]
        if numbers != list(range(1, len(rows) + 1)):
            wrong.append(f"{chat}: numbers {numbers}")
        wrong += _overtaken(chat, [records.said[token] for token, _ in rows if token in records.said])
    return wrong


def _overtaken(chat: str, said: Sequence[Said]) -> Iterator[str]:
    """Pairs handled the other way round than they were acknowledged; Telegram brings one by one, so there it is strict."""
    for later, before in ((after, before) for before, after in pairwise(said)):
        strict = later.messenger == "telegram" and int(later.token[1:]) < int(before.token[1:])
        if strict or later.acked < before.begun:
            yield f"{chat}: {before.token} was handled before {later.token}, which was acknowledged before it was said"


def _check_screens(verdict: Verdict, records: Records, screens: Sequence[tuple[str, str]]) -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for chat, text in screens:
        found = SHOWN.search(text)
        if text.endswith(TWICE):
            continue
        if found is None:
            verdict.wrong.append(f"{chat} sees {text!r}")
        elif found[0] not in seen[chat]:
            seen[chat].append(found[0])
    for said in records.said.values():
        mine = [what for what in seen[said.chat] if (parts := SHOWN.fullmatch(what)) and parts[1] == said.token]
        wanted = [f"{said.token}!{turn}" for turn in range(TURNS, 0, -1)] if said.token.startswith("a") else []
        wanted += [f"{said.token}+"] if said.token in records.presses else []
        answers = [what for what in mine if "=" in what]
        if len(answers) != 1 or mine != [*answers, *wanted]:
            verdict.wrong.append(f"{said.chat} sees {mine} of {said.token}, not its answer and {wanted}")
    for chat, shown in seen.items():
        numbers = [int(what.partition("=")[2]) for what in shown if "=" in what]
        if numbers != sorted(numbers):
            verdict.wrong.append(f"{chat} sees its answers out of order: {numbers}")


def _check_repeats(verdict: Verdict, records: Records, screens: Sequence[tuple[str, str]]) -> None:
    """Name what was seen twice, and the fault between the first send and its record."""
    counts: Counter[tuple[str, str]] = Counter()
    for chat, text in screens:
        if found := SHOWN.search(text):
            counts[chat, found[0]] += 1
    explained: Counter[tuple[int, str]] = Counter()
    busy = paused = 0
    for (chat, what), count in counts.items():
        sends = [sent for sent in records.sent if (sent.chat, sent.what) == (chat, what)]
        for first, second in pairwise(sends) if count > 1 else ():
            late = first.marked and not second.marked  # the first of all came after its repeat
            fault = _standing_still(records, first, second) if late else _between(records, first, second)
            if fault is None or first.messenger == "waha" or not (second.marked or late):
                verdict.wrong.append(f"{_told(first)}, and again {_told(second)}: nothing allows that")
                continue
            explained[id(fault), chat] += 1
            busy += fault.kind == HELD_UP
            paused += fault.kind == "pause"
            if explained[id(fault), chat] > 1:  # a lane has one message on its way, so a kill can cut one
                verdict.wrong.append(f"{chat} has a second repeat by the {fault.kind} of {_name(fault)} at {fault.at:.2f} s")
            verdict.repeats.append(
                f"{_told(first)}; {fault.kind} of {_name(fault)} at {fault.at:.2f} s; again {_told(second)}, "
                + ("late, after its marked repeat" if late else "marked as a repeat")
            )
    by_fault = Counter(fault for fault, _ in explained.elements())
    verdict.figures["repeats by one fault at most"] = max(by_fault.values(), default=0)
    verdict.figures |= {"by a pause": paused, "by a busy machine": busy}


def _between(records: Records, first: Sent, second: Sent) -> Fault | None:
    """The fault that kept the first one from being noted, nearest first."""
    held_up = [
        fault
        for fault in records.faults
        if fault.kind == HELD_UP and fault.replica == first.replica and abs(fault.at - first.at) < NOTICED
    ]
    near = [
        fault
        for fault in records.faults
        if fault.kind in CUTTING
        and fault.replica in (first.replica, -1)
        and first.at <= max(fault.at, fault.until) + 0.5  # no other process could have sent it
        and fault.at <= min(_noted_by(records, first), second.at)
    ]
    return min(near or held_up, key=lambda fault: abs(fault.at - first.at), default=None)


def _standing_still(records: Records, repeat: Sent, late: Sent) -> Fault | None:
    """What held up a process between its last look at whether the lane is its own and the call: the repeat was faster."""
    return next(
        (
            fault
            for fault in records.faults
            if fault.kind in ("pause", HELD_UP)
            and fault.replica == late.replica != repeat.replica
            and fault.at - NOTICED * (fault.kind == HELD_UP) <= repeat.at
            and late.at <= max(fault.at, fault.until) + WINDOW
        ),
        None,
    )


def _noted_by(records: Records, sent: Sent) -> float:
    """When its record must have been made. While the database is away it cannot be."""
    at = sent.at
    for fault in sorted(records.faults, key=lambda fault: fault.at):
        if fault.kind == "database" and fault.at - WINDOW <= at <= fault.until:
            at = fault.until
    return at + WINDOW


def _told(sent: Sent) -> str:
    return f"{sent.chat} got {sent.what} from replica {sent.replica} at {sent.at:.2f} s"


def _name(fault: Fault) -> str:
    return "all" if fault.replica < 0 else f"replica {fault.replica}"
