"""What the words of a meeting say besides its time."""

import pytest
from pendopo_rapat.parser import MeetingText, parse_meeting, parse_off_days


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Penanganan sampah di Balai Kota undang Kadis PU, Camat",
            MeetingText("Penanganan sampah", "Balai Kota", False, "Kadis PU, Camat"),
        ),
        ("Evaluasi banjir di sini undang @grup", MeetingText("Evaluasi banjir", "", True, "@grup")),
        ("Evaluasi undang @grup di sini", MeetingText("Evaluasi", "", True, "@grup")),
        ("Rapat banjir di Gedebage di Aula Barat", MeetingText("Rapat banjir di Gedebage", "Aula Barat")),
        ("Anggaran dipimpin Sekda notulis Sekdis undang semua", MeetingText("Anggaran", "", False, "semua", "Sekda", "Sekdis")),
        ("Anggaran dipimpin oleh Sekda kuorum 20 orang", MeetingText("Anggaran", "", False, "", "Sekda", "", 20)),
        ("Anggaran", MeetingText("Anggaran")),
        ("undang Kadis PU di Aula", MeetingText("", "Aula", False, "Kadis PU")),
        ("Diskusi media", MeetingText("Diskusi media")),
    ],
)
def test_the_parts_are_told_apart(text: str, said: MeetingText) -> None:
    assert parse_meeting(text) == said


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
    assert parse_off_days(text) == (policy, left)
