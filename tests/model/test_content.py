"""Content reads back as it was."""

import msgspec
import pytest
from pendopo.model import Content

from .samples import CONTENTS


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: type(content).__name__)
def test_content_reads_back_as_it_was(content: Content) -> None:
    assert msgspec.json.decode(msgspec.json.encode(content), type=Content) == content
