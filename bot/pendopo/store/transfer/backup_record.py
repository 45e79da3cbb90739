"""When a backup was made last, and whether the one after it failed: a file beside the data, which the bot looks at."""

import os
from contextlib import suppress
from pathlib import Path

import msgspec

FILE = "last-backup.json"


class BackupRecord(msgspec.Struct, frozen=True):
    """The last archive and when it was made, and when and why one failed (UTC, milliseconds; 0: never)."""

    file: str = ""
    made_at: int = 0
    failed_at: int = 0
    error: str = ""


def read_backup_record(folder: Path) -> BackupRecord:
    """What is known of backups."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((folder / FILE).read_bytes(), type=BackupRecord)
    return BackupRecord()


def write_backup_record(folder: Path, record: BackupRecord) -> None:
    """Keep it; a folder that cannot be written is no reason to fail for."""
    draft = folder / f".{FILE}.{os.getpid()}"
    with suppress(OSError):
        draft.write_bytes(msgspec.json.encode(record))
        os.replace(draft, folder / FILE)
