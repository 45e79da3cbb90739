"""What follows a line in a fallback font is seen, on the same page and on the next."""

import pytest
from pendopo.paper.pdf import Paper

from .test_pdf import read


@pytest.mark.parametrize("lines", [1, 2, 50, 120])
def test_words_after_a_line_in_a_fallback_font_are_seen(lines: int) -> None:
    paper = Paper("NOTULEN")
    paper.add_paragraph("ᮘᮔ᮪ᮓᮥᮀ\n" * lines)
    paper.add_paragraph("Siti")
    paper.add_heading("ꦥꦼꦤ꧀ꦝꦥ")
    paper.add_heading("Rina")
    found, _ = read(paper)
    assert [found.count(name) for name in ("NOTULEN", "Siti", "Rina")] == [1, 1, 1]
    assert found.count("ᮘ") == lines
