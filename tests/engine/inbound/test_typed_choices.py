"""What a typed answer to a card means: it decides only what it says, and else it is a doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.engine.inbound.typed_choices import (
    COURTESY,
    Takes,
    TypedChoice,
    list_doubts,
    read_answer,
    read_choice,
    read_number,
    split_words,
)
from pendopo.model import Phrase
from pendopo.store.queries.buttons import StoredButton


def make_choice(name: str, names: str, takes: Takes, ordinal: int, izin: int = 7) -> TypedChoice:
    button = StoredButton(name, "kartu", ordinal, Phrase(name), name, {"izin_id": izin}, (), "", 1, 0, 0)
    return TypedChoice(button, frozenset((word,) for word in names.split()), takes)


CARD = [
    make_choice("setujui", "setuju setujui ok oke okay acc disetujui ya boleh silakan monggo", Takes.NOTE, 1),
    make_choice("tolak", "tolak ditolak", Takes.WORDS, 2),
    make_choice("tanya", "tanya bertanya", Takes.INQUIRY, 3),
]
REMINDER = [
    make_choice("selesai", "selesai sudah beres done", Takes.NOTHING, 1),
    make_choice("nanti", "nanti", Takes.NOTHING, 2),
]
REPORT = [
    make_choice("proses", "proses", Takes.NOTHING, 1),
    make_choice("koordinasi", "koordinasi", Takes.ARGUMENT, 2),
    make_choice("tutup", "selesai tutup beres", Takes.NOTHING, 3),
]

YES = """setuju|Setuju.|SETUJU!|setuju pak|acc pak|acc|ACC 🙏|ok|oke|okeee|ok bu|ya|iya setuju|ya, setuju|boleh|monggo|
monggo pak|silakan|siap, acc|baik, setuju|setuju pak kadis|ok disetujui|disetujui|setuju izin #7|setuju no 7|
acc izin 7|assalamualaikum, setuju|setuju, terima kasih|oke makasih bu|setuju saja|saya setuju|Setuju 👍|
alhamdulillah setuju|setuju, selamat bertugas|1|no 1|nomor 1|pilih 1|1.|1)|１|1️⃣|satu|no. 1 pak|#1|okay ok|
boleh pak, silakan""".replace("\n", "").split("|")

UNCLEAR = """ok tapi menunggu kabar Wali Kota|oke, saya pelajari|acc sementara|Setuju, maksimal sampai pukul 12.00|
setuju dgn catatan laporan|Setujui, wakilkan rapat #1 ke Sekdis|tidak setuju|jangan dulu|
belum bisa, saya di luar kota|siapa yg mewakili?|ok saya pelajari dulu|oke besok saya putuskan|
ok noted, belum saya putuskan|ok siapa wakilnya?|ok ditolak saja|setuju kalau ada wakilnya|
Setuju, asalkan tidak pakai APBD|setujui atau tolak?|acc 28|setuju untuk izin 99|tolak karena apa?|belum setuju|
gak setuju|setuju tapi|setuju?|boleh?|apakah setuju|siap|baik|noted|🙏|👍|❌|ok ❌|nanti|nanti dulu ya|3 hari saja|
1 hari saja boleh|jangan ditolak|tolak dulu nanti saya cek|tolak atau setuju|ditolak kalau tidak ada surat|
acc untuk besok saja|setuju 50%|teu acan setuju|kumaha wakilna|ok nanti|insyaallah setuju|setuju bila sekda setuju|99|
no 99""".replace("\n", "").split("|")


@pytest.mark.parametrize("text", YES)
def test_a_decision_and_courtesy_decide(text: str) -> None:
    chosen = read_choice(CARD, text)
    assert chosen is not None
    assert (chosen.token, chosen.words) == ("setujui", "")


@pytest.mark.parametrize("text", UNCLEAR)
def test_anything_more_decides_nothing_and_is_asked_about(text: str) -> None:
    assert read_choice(CARD, text) is None
    doubt = list_doubts(CARD, text)
    assert doubt is not None
    assert doubt.offers


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tolak karena bentrok anggaran", "bentrok anggaran"),
        ("Tolak, bentrok rapat anggaran", "bentrok rapat anggaran"),
        ("tolak: kantor diaudit", "kantor diaudit"),
        ("mohon maaf pak, ditolak krn ada tamu dari pusat", ""),
        ("maaf ditolak krn ada tamu", ""),
        ("ditolak krn besok ada tamu dari pusat", "besok ada tamu dari pusat"),
        ("tolak karena belum ada surat, kalau sudah ajukan lagi", "belum ada surat, kalau sudah ajukan lagi"),
        ("pak, tolak karena sudah penuh", "sudah penuh"),
    ],
)
def test_a_refusal_takes_its_reason_along(text: str, reason: str) -> None:
    chosen = read_choice(CARD, text)
    assert (chosen.words if chosen else "") == reason


@pytest.mark.parametrize("text", ["tanya siapa yang mewakili?", "Tanya: siapa yang mewakili?"])
def test_a_question_may_be_a_question(text: str) -> None:
    chosen = read_choice(CARD, text)
    assert chosen is not None
    assert (chosen.token, chosen.words) == ("tanya", "siapa yang mewakili?")


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("ok tapi menunggu kabar Wali Kota", {"setujui": "menunggu kabar Wali Kota"}),
        ("Setuju, maksimal sampai pukul 12.00", {"setujui": "maksimal sampai pukul 12.00"}),
        ("setuju dgn catatan laporan", {"setujui": "laporan"}),
        ("setuju kalau ada wakilnya", {"setujui": "kalau ada wakilnya"}),
        ("siapa yg mewakili?", {"tanya": "siapa yg mewakili?"}),
        ("ok siapa wakilnya?", {"tanya": "ok siapa wakilnya?"}),
        ("tidak setuju", {"tolak": ""}),
        ("ok ditolak saja", {"setujui": "ditolak saja", "tolak": ""}),
        ("sudah makan belum", {"tolak": ""}),
        ("mobilnya ada", {"tanya": "mobilnya ada"}),
    ],
)
def test_a_doubt_offers_what_may_have_been_meant(text: str, offers: dict[str, str]) -> None:
    doubt = list_doubts(CARD, text)
    assert doubt is not None
    assert {offer.token: offer.words for offer in doubt.offers} == offers


@pytest.mark.parametrize(
    "text", ["selesai belum?", "belum selesai", "nanti kalau sempat selesai", "selesai sebagian", "beres besok"]
)
def test_a_reminder_is_not_done_by_a_word_in_a_sentence(text: str) -> None:
    assert read_choice(REMINDER, text) is None


@pytest.mark.parametrize("text", ["selesai", "sudah pak", "sudah selesai", "beres 🙏", "done, terima kasih"])
def test_a_reminder_is_done_by_saying_so(text: str) -> None:
    chosen = read_choice(REMINDER, text)
    assert chosen is not None
    assert chosen.token == "selesai"


@pytest.mark.parametrize(
    "text", ["Proses kapan?", "koordinasi dengan siapa ya", "proses atau selesai", "koordinasi dulu kapan"]
)
def test_a_question_moves_no_report(text: str) -> None:
    assert read_choice(REPORT, text) is None


def test_words_name_whom_it_is_coordinated_with() -> None:
    chosen = read_choice(REPORT, "koordinasi Dishub")
    assert chosen is not None
    assert (chosen.token, chosen.words) == ("koordinasi", "Dishub")


def test_a_lone_answer_takes_any_text() -> None:
    answer = [make_choice("jawab", "jawab", Takes.ANSWER, 1)]
    chosen = read_answer(answer, " Berdua dengan Sekretaris ")
    assert chosen is not None
    assert chosen.words == "Berdua dengan Sekretaris"
    assert read_answer([*answer, *CARD], "Berdua") is None


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("no. 12", 12), ("dua", 2), ("2 pak", 2), ("2 hari", 0), ("2?", 0), ("", 0)]
)
def test_a_number_alone_is_a_number(text: str, number: int) -> None:
    assert read_number(text) == number


def test_hidden_choices_have_no_number() -> None:
    assert read_choice([make_choice("setujui", "setuju", Takes.NOTE, -1)], "1") is None


@given(st.lists(st.sampled_from([*sorted(COURTESY), "setuju", "besok", "tapi", "3", "rapat", "tolak", "nanti"]), max_size=8))
def test_no_word_that_is_not_courtesy_is_ever_swallowed(words: list[str]) -> None:
    chosen = read_choice(CARD, " ".join(words))
    if chosen is not None and chosen.token == "setujui":
        assert set(words) <= COURTESY | {"setuju"}


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    split_words(text)
    chosen, doubt = read_choice(CARD, text), list_doubts(CARD, text)
    assert chosen or doubt or not text.strip()
