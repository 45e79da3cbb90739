"""A SQLite file put in the place of another. The plan is written down first, so that a swap that was cut short is finished."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

PARTS = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps under the name of a database: the file itself and its logs (sqlite.org/tempfiles.html)."""


class SwapPlan(msgspec.Struct, frozen=True):
    """What a swap does: whence the new file comes, when it was begun, and where what is there goes ("" when nothing is)."""

    source: str
    begun_at: str
    aside: str

    @property
    def kept(self) -> str:
        """A sentence that says where the previous database is; "" when there was none."""
        return f" What was there is kept as {self.aside}." if self.aside else ""


def swap_file(new: Path, target: Path, source: str, now: datetime) -> SwapPlan:
    """Put `new` in the place of `target`, which is moved aside as it is; nothing that was put aside before is overwritten."""
    aside = _choose_aside(target, now) if any(_list_parts(target)) else ""
    plan = SwapPlan(source, now.isoformat(timespec="seconds"), aside)
    sync_path(new)
    os.replace(new, _staged(target))
    draft = target.with_name(f"{target.name}.swap-draft")
    draft.write_bytes(msgspec.json.encode(plan))
    sync_path(draft)
    os.replace(draft, _plan_file(target))  # from here on the swap counts as done
    sync_path(target.parent)
    return finish_swap(target, now) or plan


def finish_swap(target: Path, now: datetime) -> SwapPlan | None:
    """Do what is left of a swap that was cut short, and return its plan; None when there is none."""
    plan, staged = read_plan(target), _staged(target)
    if plan is None:
        staged.unlink(missing_ok=True)
        return None
    if staged.exists():
        for part, suffix in _list_parts(target):
            if os.path.lexists(f"{plan.aside}{suffix}") or not plan.aside:  # somebody made another one meanwhile
                plan = msgspec.structs.replace(plan, aside=_choose_aside(target, now))
            os.rename(part, f"{plan.aside}{suffix}")
        os.replace(staged, target)
        sync_path(target.parent)
    os.unlink(_plan_file(target))
    return plan


def read_plan(target: Path) -> SwapPlan | None:
    """The plan of a swap that was cut short; None when there is none."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(_plan_file(target).read_bytes(), type=SwapPlan)
    return None


def _list_parts(target: Path) -> Iterator[tuple[str, str]]:
    return ((f"{target}{suffix}", suffix) for suffix in PARTS if os.path.lexists(f"{target}{suffix}"))


def _choose_aside(target: Path, now: datetime) -> str:
    """A name with the date, and with a number from the second of that day on."""
    first = name = f"{target}.before-restore-{now:%Y-%m-%d}"
    number = 1
    while any(os.path.lexists(f"{name}{suffix}") for suffix in PARTS):
        number += 1
        name = f"{first}-{number}"
    return name


def _staged(target: Path) -> Path:
    return target.with_name(f"{target.name}.restored")


def _plan_file(target: Path) -> Path:
    return target.with_name(f"{target.name}.swap")


def sync_path(path: Path) -> None:
    """Let what a file or folder holds outlast a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
