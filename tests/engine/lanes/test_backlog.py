"""What a lane keeps in memory is all there is, or it is read from the database again."""

from typing import NamedTuple

from pendopo.engine.lanes.backlog import BATCH, Backlog


class Item(NamedTuple):
    id: int


class Shelf:
    """The database's rows of one lane; `meanwhile` happens while they are read."""

    def __init__(self) -> None:
        self.rows: list[Item] = []
        self.reads = 0
        self.meanwhile: list[Item] = []
        self.backlog: Backlog[Item] = Backlog(self.read)

    async def read(self, lane: str, limit: int) -> list[Item]:
        self.reads += 1
        seen = self.rows[:limit]
        for item in self.meanwhile:
            self.rows.append(item)
            self.backlog.push(lane, item)
        self.meanwhile = []
        return seen

    async def work_off(self) -> list[int]:
        done = []
        while rows := await self.backlog.read_head("lane"):
            done.append(rows[0].id)
            self.rows = [row for row in self.rows if row.id != rows[0].id]
            self.backlog.remove_done("lane", [rows[0].id])
        return done


async def test_what_is_committed_while_the_lane_is_read_is_not_lost() -> None:
    shelf = Shelf()
    shelf.rows, shelf.meanwhile = [Item(1)], [Item(2)]
    assert await shelf.work_off() == [1, 2]


async def test_what_was_read_already_is_not_taken_again_when_it_is_pushed_late() -> None:
    shelf = Shelf()
    shelf.rows = [Item(1), Item(2)]
    assert [row.id for row in await shelf.backlog.read_head("lane")] == [1, 2]
    shelf.backlog.push("lane", Item(2))
    assert await shelf.work_off() == [1, 2]


async def test_rows_that_are_pushed_are_not_read_back() -> None:
    shelf = Shelf()
    await shelf.backlog.read_head("lane")
    for number in range(1, 6):
        shelf.rows.append(Item(number))
        shelf.backlog.push("lane", Item(number))
    assert await shelf.work_off() == [1, 2, 3, 4, 5]
    assert shelf.reads == 1


async def test_a_long_line_stays_in_the_database() -> None:
    shelf = Shelf()
    await shelf.backlog.read_head("lane")
    for number in range(1, BATCH * 3):
        shelf.rows.append(Item(number))
        shelf.backlog.push("lane", Item(number))
    assert len(await shelf.backlog.read_head("lane")) == BATCH
    assert await shelf.work_off() == list(range(1, BATCH * 3))


async def test_what_others_commit_while_the_lane_is_read_is_read_with_the_next_look() -> None:
    shelf = Shelf()
    shelf.backlog = Backlog(shelf.read, shared=True)
    shelf.rows = [Item(1)]

    async def read(lane: str, limit: int) -> list[Item]:
        seen = list(shelf.rows)
        if len(shelf.rows) == 1:
            shelf.rows.append(Item(2))
            shelf.backlog.forget_lane("lane")  # what this process is told by the commit
        return seen

    shelf.backlog._read = read
    assert await shelf.work_off() == [1, 2]
