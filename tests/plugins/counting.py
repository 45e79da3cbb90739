"""How many queries for rows are made meanwhile: it must not grow with what there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pendopo.testing import Story


@contextmanager
def queries(story: Story) -> Iterator[list[Any]]:
    """What is asked of the database for rows of plugins."""
    database, asked = story.app.database, list[Any]()
    objects = database.query_objects

    async def counted(query: Any, *more: Any) -> Any:
        asked.append(query)
        return await objects(query, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "query_objects", counted)
        yield asked
