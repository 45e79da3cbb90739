"""The process for large pictures says with its code what was wrong."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from pendopo.media import Picture
from pendopo.media.inspection import BROKEN_CODE
from pendopo.media.reduction import TOO_MUCH_CODE
from pendopo.testing.pictures import make_bomb, make_jpeg

COMMAND = "import sys; sys.path[:0] = {path!r}; from pendopo.media.reduction import main; main()"


@pytest.mark.parametrize(
    ("data", "mime", "code"),
    [
        (make_jpeg(size=(300, 200)), "image/jpeg", 0),
        (b"\xff\xd8\xff nothing", "image/jpeg", BROKEN_CODE),
        (make_bomb(30_000), "image/png", TOO_MUCH_CODE),
    ],
)
def test_a_picture_is_read_or_its_code_says_why_not(tmp_path: Path, data: bytes, mime: str, code: int) -> None:
    (tmp_path / "picture").write_bytes(data)
    command = [sys.executable, "-c", COMMAND.format(path=sys.path), str(tmp_path / "picture"), mime]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == code
    if not code:
        assert msgspec.msgpack.decode(done.stdout, type=Picture).width == 300
