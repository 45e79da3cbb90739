"""The process that reads a large picture: limited in memory and time, and the first to go when the machine has too little.

It is started with a path and a type, writes a `Picture` as MessagePack, and ends with `BROKEN_CODE` where there is none.
"""

import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from pendopo.media.inspection import BROKEN_CODE, lower_priority, read_large_picture

MOST_MEMORY = 1_000_000_000
"""Bytes of address space, of which Python and the libraries take a third."""
MOST_CPU = 30
"""Seconds of work."""
TOO_MUCH_CODE = 4


def main() -> None:
    """Read the picture that the command line names."""
    _limit_process()
    try:
        picture = read_large_picture(Path(sys.argv[1]), sys.argv[2])
    except MemoryError:
        sys.exit(TOO_MUCH_CODE)
    except Exception:
        sys.exit(BROKEN_CODE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(picture))


def _limit_process() -> None:
    lower_priority()
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
