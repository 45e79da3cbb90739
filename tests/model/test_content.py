"""Content reads back as it was."""

import msgspec
import pytest
from pendopo.model import Content, Document, Photo

from .samples import CONTENTS


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: type(content).__name__)
def test_content_reads_back_as_it_was(content: Content) -> None:
    assert msgspec.json.decode(msgspec.json.encode(content), type=Content) == content


@pytest.mark.parametrize("name", ["foto\u202egpj.exe", "a\nb.jpg", "nol\x00byte.jpg", "../../etc/passwd"])
@pytest.mark.parametrize("kind", [Photo, Document])
def test_a_file_leaves_under_a_name_without_controls_and_paths(name: str, kind: type[Photo] | type[Document]) -> None:
    made = kind("a" * 64, name=name)
    assert not set(made.name) & set("\u202e\n\x00/\\")
    assert made.name
    assert Photo("a" * 64).name == ""
