"""The parts of pages: what people typed, cut to what fits."""

import pytest
from pendopo.pages import cut_words


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Banjir selutut, arus deras, dua mobil mogok", 40, "Banjir selutut, arus deras, dua mobil…"),
        ("Banjir selutut, arus deras, dua mobil mogok", 28, "Banjir selutut, arus deras…"),
        ("Jalan rusak\n\nsudah lama sekali", 20, "Jalan rusak sudah…"),
        ("x" * 50, 10, "xxxxxxxxx…"),
        ("Jalan rusak", 11, "Jalan rusak"),
        ("Jalan\nrusak", 80, "Jalan rusak"),
        ("", 10, ""),
    ],
)
def test_a_text_is_cut_after_a_whole_word_and_says_so(text: str, most: int, shown: str) -> None:
    assert cut_words(text, most) == shown
    assert len(cut_words(text, most)) <= most
