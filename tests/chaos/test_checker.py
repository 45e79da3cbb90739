"""The checker sees what it is there to see: each guarantee is broken here once, in the records or in the database."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from pendopo.store import Connection, open_database
from pendopo.store.migrate import core_schema, upgrade_schema
from pendopo.store.queries.audit import AuditEntry, append_entry

from .checker import Verdict, check
from .plugins.kacau import Table
from .records import Fault, Records, Said, Sent

ANI = "telegram:2000000001"
BUDI = "whatsapp_cloud:6281200000001"
CICI = "waha:6281300000001@c.us"


class After:
    """What is left of a storm in which everything went well: four lines, one alarm, one button."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/p.db"
        self.records = Records()
        for number, (token, chat) in enumerate((("t0", ANI), ("a1", ANI), ("b2", BUDI), ("t3", CICI))):
            self.records.said[token] = Said(token, chat.split(":")[0], chat, number, number + 0.5)
        self.records.presses.add("b2")
        self.screens = [(ANI, "t0=1"), (ANI, "a1=2"), *((ANI, f"a1!{turn}") for turn in (3, 2, 1))]
        self.screens += [(BUDI, "b2=1"), (BUDI, "b2+"), (CICI, "t3=1")]
        self.records.sent = [Sent(10.0 + n, 0, chat.split(":")[0], chat, text) for n, (chat, text) in enumerate(self.screens)]

    async def make(self) -> None:
        database = open_database(self.url)
        engine = database.make_engine()
        upgrade_schema(engine, core_schema())
        Table.metadata.create_all(engine)
        engine.dispose()
        rows = [("t0", ANI, 1), ("a1", ANI, 2), ("b2", BUDI, 1), ("t3", CICI, 1)]

        def job(connection: Connection) -> None:
            for token, chat, number in rows:
                sql = "INSERT INTO kacau_hitung (version, chat, token, urutan) VALUES (1, ?, ?, ?)"
                connection.execute(sql, (chat, token, number))
                append_entry(connection, AuditEntry("kacau.hitung", token), 0)
            for turn in (3, 2, 1):
                connection.execute("INSERT INTO kacau_bunyi (version, token, lagi) VALUES (1, 'a1', ?)", (turn,))
                append_entry(connection, AuditEntry("kacau.bunyi", "a1"), 0)
            connection.execute("INSERT INTO kacau_ambil (version, token) VALUES (1, 'b2')")
            append_entry(connection, AuditEntry("kacau.ambil", "b2"), 0)

        await database.write(job)
        await database.close()

    def change(self, sql: str) -> None:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(sql)

    async def verdict(self) -> Verdict:
        return await check(self.records, self.screens, self.url)

    def again(self, chat: str, text: str, mark: bool = True, kind: str = "kill") -> None:
        """Somebody sees this once more, after its sender was killed."""
        first = next(sent for sent in self.records.sent if (sent.chat, sent.text) == (chat, text))
        shown = f"(Dikirim ulang; abaikan bila sudah diterima.)\n{text}" if mark else text
        self.screens.append((chat, shown))
        self.records.sent.append(Sent(first.at + 9, 1, first.messenger, chat, shown))
        if kind:
            self.records.faults.append(Fault(first.at + 0.01, kind, first.replica))


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of it, made once."""
    folder = tmp_path_factory.mktemp("left")
    asyncio.run(After(folder).make())
    return folder / "p.db"


@pytest.fixture
def after(left: Path, tmp_path: Path) -> After:
    shutil.copy(left, tmp_path)
    return After(tmp_path)


async def test_when_everything_went_well_it_says_so(after: After) -> None:
    verdict = await after.verdict()
    assert (verdict.wrong, verdict.repeats) == ([], [])


IN_DATABASE = [
    ("DELETE FROM kacau_hitung WHERE token = 't0'", "t0 was never counted"),
    ("INSERT INTO kacau_hitung (version, chat, token, urutan) VALUES (1, 'x', 't0', 1)", "t0 was counted 2 times"),
    ("UPDATE kacau_hitung SET urutan = 7 WHERE token = 'a1'", f"{ANI}: numbers [1, 7]"),
    ("DELETE FROM kacau_bunyi WHERE lagi = 2", "a1!2 was never rung"),
    ("INSERT INTO kacau_bunyi (version, token, lagi) VALUES (1, 'a1', 3)", "a1!3 was rung 2 times"),
    ("INSERT INTO kacau_ambil (version, token) VALUES (1, 'b2')", "b2 was taken 2 times"),
    ("INSERT INTO kacau_ambil (version, token) VALUES (1, 't3')", "t3 was taken and never asked for"),
    ("DELETE FROM kacau_ambil", "kacau.ambil: 0 rows, 1 lines of the log"),
    ("INSERT INTO inbox (adapter, native_id, kind, lane, body, state) VALUES ('a', 'b', 'c', 'd', x'00', 'dead')", "left over"),
    ("INSERT INTO delivery (key, lane, chat, content, state) VALUES ('a', 'b', 'c', 'd', 'sending')", "left over"),
    ("INSERT INTO reminder (key, route, args, chat) VALUES ('alarm:a1', 'b', 'c', 'd')", "never fired: alarm:a1"),
    ("DELETE FROM audit_note WHERE id = 2", "the audit log is broken at line 2"),
]


@pytest.mark.parametrize(("sql", "sentence"), IN_DATABASE, ids=[sentence for _, sentence in IN_DATABASE])
async def test_what_is_wrong_in_the_database_is_named(after: After, sql: str, sentence: str) -> None:
    await asyncio.to_thread(after.change, sql)
    assert any(sentence in wrong for wrong in (await after.verdict()).wrong)


def _unacknowledged(after: After) -> None:
    after.records.said["t0"].acked = 0.0


def _overtaken(after: After) -> None:
    after.records.said["t0"].begun, after.records.said["t0"].acked = 5.0, 6.0


def _lost(after: After) -> None:
    after.screens.remove((CICI, "t3=1"))


def _disorder(after: After) -> None:
    after.screens[0], after.screens[1] = after.screens[1], after.screens[0]


def _alarms_in_disorder(after: After) -> None:
    after.screens[2], after.screens[3] = after.screens[3], after.screens[2]


def _elsewhere(after: After) -> None:
    after.screens[-1] = (BUDI, "t3=1")


def _gibberish(after: After) -> None:
    after.screens.append((ANI, "Terjadi galat, kode K7-3F2A."))


def _twice_for_no_reason(after: After) -> None:
    after.again(ANI, "t0=1", kind="")


def _twice_by_another_death(after: After) -> None:
    after.again(ANI, "t0=1")
    after.records.faults[-1].replica = 2


def _twice_though_it_was_told_to_stop(after: After) -> None:
    after.again(ANI, "t0=1", kind="term")


def _twice_unmarked(after: After) -> None:
    after.again(ANI, "t0=1", mark=False)


def _twice_with_a_key(after: After) -> None:
    after.again(CICI, "t3=1")


def _two_of_one_chat_by_one_death(after: After) -> None:
    after.again(ANI, "t0=1")
    after.records.faults[-1].until = 11.0
    after.again(ANI, "a1=2", kind="")


IN_RECORDS: list[tuple[Callable[[After], None], str]] = [
    (_unacknowledged, "t0 was never acknowledged"),
    (_overtaken, "t0 was handled before a1, which was acknowledged before it was said"),
    (_lost, f"{CICI} sees [] of t3"),
    (_disorder, f"{ANI} sees its answers out of order"),
    (_alarms_in_disorder, f"{ANI} sees ['a1=2', 'a1!2', 'a1!3', 'a1!1'] of a1"),
    (_elsewhere, f"{CICI} sees [] of t3"),
    (_gibberish, "K7-3F2A"),
    (_twice_for_no_reason, "nothing allows that"),
    (_twice_by_another_death, "nothing allows that"),
    (_twice_though_it_was_told_to_stop, "nothing allows that"),
    (_twice_unmarked, "nothing allows that"),
    (_twice_with_a_key, "nothing allows that"),
    (_two_of_one_chat_by_one_death, f"{ANI} has a second repeat by the kill of replica 0 at 10.01 s"),
]


@pytest.mark.parametrize(("spoil", "sentence"), IN_RECORDS, ids=[spoil.__name__ for spoil, _ in IN_RECORDS])
async def test_what_people_saw_wrong_is_named(after: After, spoil: Callable[[After], None], sentence: str) -> None:
    spoil(after)
    assert any(sentence in wrong for wrong in (await after.verdict()).wrong)


async def test_a_repeat_that_a_kill_explains_is_named_and_allowed(after: After) -> None:
    after.again(ANI, "t0=1")
    verdict = await after.verdict()
    assert verdict.wrong == []
    (repeat,) = verdict.repeats
    assert repeat.startswith(f"{ANI} got t0=1 from replica 0 at 10.00 s; kill of replica 0 at 10.01 s; again")


def _late(after: After, seconds: float) -> None:
    """The repeat of another replica comes first, and then, from a process that stood still so long, the first of all."""
    after.again(ANI, "t0=1", kind="")
    repeat = after.records.sent.pop()
    after.records.sent.insert(0, Sent(9.0, 1, repeat.messenger, ANI, repeat.text))
    after.records.faults.append(Fault(2.0, "pause", 0, until=10.0 - seconds))


async def test_what_a_process_says_that_stood_still_meanwhile_is_named(after: After) -> None:
    _late(after, 0.2)
    verdict = await after.verdict()
    assert (verdict.wrong, verdict.figures["by a pause"]) == ([], 1)
    assert verdict.repeats[0].endswith("late, after its marked repeat")


async def test_a_process_that_goes_on_for_long_after_it_stood_still_is_wrong(after: After) -> None:
    _late(after, 5.0)
    assert any("nothing allows that" in wrong for wrong in (await after.verdict()).wrong)


async def test_a_process_that_the_machine_held_up_is_named_apart(after: After) -> None:
    after.again(ANI, "t0=1", kind="held up")
    after.records.faults[-1].at += 5
    verdict = await after.verdict()
    assert (verdict.wrong, verdict.figures["by a busy machine"]) == ([], 1)


async def test_what_could_not_be_noted_since_the_database_was_away_may_be_cut_off_later(after: After) -> None:
    after.again(ANI, "t0=1", kind="pause")
    after.records.faults[-1].at += 6
    assert any("nothing allows that" in wrong for wrong in (await after.verdict()).wrong)
    after.records.faults.append(Fault(9.9, "database", until=15.0))
    assert (await after.verdict()).wrong == []
