"""The table `dialog`: one open dialog a person and chat."""

from typing import NamedTuple

from pendopo.store.database import Connection, Database


class StoredDialog(NamedTuple):
    """An open dialog; `state` is JSON, `prompt` the key of the delivery that asked."""

    chat: str
    owner: str
    route: str
    version: str
    state: str
    prompt: str


_COLUMNS = ", ".join(StoredDialog._fields)


async def find_dialog(database: Database, chat: str, owner: str) -> StoredDialog | None:
    """The open dialog of one account in one chat."""
    sql = f"SELECT {_COLUMNS} FROM dialog WHERE chat = ? AND owner = ?"
    return await database.read_first(StoredDialog, sql, chat, owner)


async def find_dialog_by_prompt(database: Database, prompt: str) -> StoredDialog | None:
    """The open dialog that waits for an answer to a delivery."""
    return await database.read_first(StoredDialog, f"SELECT {_COLUMNS} FROM dialog WHERE prompt = ?", prompt)


def insert_dialog(connection: Connection, dialog: StoredDialog, deadline: int) -> None:
    """Open a dialog where there is none."""
    sql = f"INSERT INTO dialog ({_COLUMNS}, deadline) VALUES (?, ?, ?, ?, ?, ?, ?)"
    connection.execute(sql, (*dialog, deadline))


def delete_dialog(connection: Connection, chat: str, owner: str) -> list[str]:
    """End the dialog of one account in one chat; returns its prompt, if there was one."""
    rows = connection.execute("DELETE FROM dialog WHERE chat = ? AND owner = ? RETURNING prompt", (chat, owner))
    return [prompt for (prompt,) in rows]
