"""Presence as people type it, and all that only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo_rapat.meetings.attendance_words import (
    LONGEST,
    Attendance,
    is_courtesy_only,
    mentions_presence,
    read_attendance,
    split_words,
)

OWN = set(split_words("Rina Hidayat Kadis PU Dinas Pekerjaan Umum dpu"))

PRESENT = """hadir|Hadir|HADIR|hadir pak|Hadir, Pak|Hadir🙏|hadir ✅|hdr|hdr pak|hadiir|hadiiir bu|
Siap hadir|siap, hadir pak|Hadir Pak Sekda|hadir bu camat|hadir smua pak|hadir semua|
Hadir via zoom|hadir online|hadir daring pak|Hadir menyimak|hadir pak, maaf telat|
Hadir bu, izin terlambat 10 menit|hadir, telat 5 menit|Alhamdulillah hadir|Nuhun, hadir|
hadir hatur nuhun|Rina hadir|Kadis PU hadir|Dinas PU hadir lengkap|PU hadir|saya hadir|
kami hadir|saya sudah hadir|sudah hadir di lokasi|assalamualaikum, hadir|izin hadir|
izin hadir via zoom|hadir juga|sumping|abdi sumping|present|hadir ndan|hadir komandan|
mohon maaf terlambat, hadir|ikut hadir|hadir dari kantor|HADIR !!!|hadir, terima kasih|
hadir.""".replace("\n", "").split("|")
EXCUSED = """mohon maaf pak tidak bisa|berhalangan, sedang dinas luar|saya berhalangan|mohon izin berhalangan hadir|
mohon maaf tidak bisa hadir|izin tidak bisa hadir|maaf pak tdk bisa hadir, ada tamu|
saya tidak hadir|tidak hadir pak, sakit|gak bisa ikut pak|
mohon maaf tidak dapat mengikuti rapat|izin tdk hadir|punten teu tiasa hadir|
tidak bisa bergabung, sinyal jelek""".replace("\n", "").split("|")
PROXY = {
    "diwakili Sekdis PU": ("diwakili", "Sekdis PU"),
    "hadir diwakili Sekdis": ("diwakili", "Sekdis"),
    "mohon maaf, diwakilkan ke Kabid Bina Marga": ("diwakili", "Kabid Bina Marga"),
    "hadir, mewakili Kadis PU": ("mewakili", "Kadis PU"),
    "hadir wakil Sekdis": ("wakil", "Sekdis"),
    "izin diwakili oleh Sekdis PU 🙏": ("diwakili", "Sekdis PU"),
}
UNCLEAR = [
    "hadir nanti kalau sempat",
    "hadir insyaallah",
    "hadir belum bisa dipastikan",
    "hadir besok",
    "hadir hanya sampai jam 10",
]
NOTHING = """tidak bisa|gak bisa pak|siapa yang hadir|yang hadir 17 orang|daftar hadir menyusul|hadir?|sudah hadir semua?|
belum hadir|mohon hadir tepat waktu|mohon kehadirannya|Pak Agus hadir|
Camat Coblong hadir|warga tidak hadir kemarin|Pak Camat berhalangan|
anggaran tidak bisa cair|tidak bisa dicairkan|siap|siap pak|baik|noted|otw|menyusul|
wakil rakyat sudah setuju|mewakili warga saya usul|absen dulu ya|
perwakilan warga akan hadir|yang berhalangan siapa|kalau tidak bisa, besok saja|
usul: hadir paling lambat jam 8|kehadiran 87%|rapat dihadiri 30 orang|jangan lupa hadir""".replace("\n", "").split("|")


@pytest.mark.parametrize("text", PRESENT)
def test_present_in_any_form_is_present(text: str) -> None:
    said = read_attendance(text, OWN)
    assert said is not None
    assert said.kind == Attendance.PRESENT


@pytest.mark.parametrize("text", EXCUSED)
def test_who_cannot_come_is_excused_with_their_words(text: str) -> None:
    said = read_attendance(text, OWN)
    assert said is not None
    assert (said.kind, said.words) == (Attendance.EXCUSED, text)


@pytest.mark.parametrize("text", list(PROXY))
def test_a_proxy_is_named(text: str) -> None:
    said = read_attendance(text, OWN)
    assert said is not None
    assert (said.kind, (said.how, said.words)) == (Attendance.BY_PROXY, PROXY[text])


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_condition_is_unclear(text: str) -> None:
    said = read_attendance(text, OWN)
    assert said is not None
    assert said.kind == Attendance.UNCLEAR


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_said_of_others_or_asked_is_nothing(text: str) -> None:
    assert read_attendance(text, OWN) is None


def test_a_long_message_is_discussion() -> None:
    assert read_attendance("hadir " * LONGEST, OWN) is None


@pytest.mark.parametrize("text", ["🙏🙏", "siap pak", "terima kasih", "👍", "ok bu", ""])
def test_courtesy_is_nothing_for_the_minutes(text: str) -> None:
    assert is_courtesy_only(text)
    assert not is_courtesy_only("pompa rusak, butuh dua")


def test_what_mentions_presence_is_shown_to_the_notary() -> None:
    assert mentions_presence("hadir nanti kalau sempat")
    assert not mentions_presence("saya tidak hadir")
    assert not mentions_presence("pompa rusak")


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    read_attendance(text, OWN)
    mentions_presence(text)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("hadir, telat 10 menit", "terlambat 10 menit"),
        ("Hadir bu, izin terlambat 15 mnt", "terlambat 15 menit"),
        ("hadir pak, maaf telat", "terlambat"),
        ("hadir, terlambat 1 jam", "terlambat 1 jam"),
        ("Hadir via zoom", "daring"),
        ("hadir online, telat 5 menit", "terlambat 5 menit, daring"),
        ("Dinas PU hadir lengkap", "lengkap"),
        ("Hadir menyimak", "menyimak"),
        ("hadir pak", ""),
        ("siap hadir bu", ""),
        ("hadir di kantor", ""),
    ],
)
def test_what_is_said_of_a_presence_is_kept(text: str, remark: str) -> None:
    said = read_attendance(text, OWN)
    assert said is not None
    assert (said.kind, said.words) == (Attendance.PRESENT, remark)
