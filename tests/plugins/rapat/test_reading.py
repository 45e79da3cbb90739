"""What the words of a meeting say besides its time."""

import pytest

from plugins.rapat.reading import Said, off_days, parts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Penanganan sampah di Balai Kota undang Kadis PU, Camat",
            Said("Penanganan sampah", "Balai Kota", False, "Kadis PU, Camat"),
        ),
        ("Evaluasi banjir di sini undang @grup", Said("Evaluasi banjir", "", True, "@grup")),
        ("Evaluasi undang @grup di sini", Said("Evaluasi", "", True, "@grup")),
        ("Rapat banjir di Gedebage di Aula Barat", Said("Rapat banjir di Gedebage", "Aula Barat")),
        ("Anggaran dipimpin Sekda notulis Sekdis undang semua", Said("Anggaran", "", False, "semua", "Sekda", "Sekdis")),
        ("Anggaran dipimpin oleh Sekda kuorum 20 orang", Said("Anggaran", "", False, "", "Sekda", "", 20)),
        ("Anggaran", Said("Anggaran")),
        ("undang Kadis PU di Aula", Said("", "Aula", False, "Kadis PU")),
        ("Diskusi media", Said("Diskusi media")),
    ],
)
def test_the_parts_are_told_apart(text: str, said: Said) -> None:
    assert parts(text) == said


@pytest.mark.parametrize(
    ("text", "policy", "left"),
    [
        ("Apel", "skip", "Apel"),
        ("Apel maju bila libur", "before", "Apel"),
        ("Apel, mundur kalau hari libur", "after", "Apel"),
        ("Apel termasuk hari libur", "keep", "Apel"),
        ("Apel kecuali libur", "skip", "Apel"),
    ],
)
def test_what_was_said_of_holidays_is_taken_out_of_the_title(text: str, policy: str, left: str) -> None:
    assert off_days(text) == (policy, left)
