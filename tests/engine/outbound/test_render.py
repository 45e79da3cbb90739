"""What is said is shown as each chat can, and nothing of it is lost on the way."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import phrase
from pendopo.engine.outbound.render import BUTTONS, NOTHING, NUMBERS, RenderedParts, render, weaken_message
from pendopo.i18n import Catalogues
from pendopo.model import Album, Capabilities, Choice, Contact, Content, Document, Location, Photo, Phrase, Poll, Text, TextRun
from pendopo.testing import PROFILES

CATALOGUES = Catalogues()
CATALOGUES.add_folder(Path(__file__).parents[3] / "bot" / "pendopo" / "locale")


def show(content: Content, able: Capabilities, locale: str = "id") -> RenderedParts:
    return render(content, able, locale, CATALOGUES)


def words(text: str) -> Phrase:
    return phrase("umum.pilihan", teks=text)


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"t{number}", words(title)) for number, title in enumerate(titles))


def spans(content: Content) -> tuple[TextRun, ...]:
    assert isinstance(content, Text)
    return content.spans


def plain(part: Any) -> str:
    return part.plain if isinstance(part, Text) else part.caption.plain


def buttons(part: Any) -> tuple[Choice, ...]:
    return part.buttons if isinstance(part, Text) else part.caption.buttons


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def unspaced(text: str) -> str:
    return "".join(text.split())


ASKED = Text((words("Boleh?"),), buttons=choices("Setujui", "Tolak…"))


@pytest.mark.parametrize(("name", "how"), [("telegram", BUTTONS), ("whatsapp", BUTTONS), ("whatsapp_group", NUMBERS)])
def test_choices_are_buttons_where_there_are_buttons_and_else_numbers(name: str, how: str) -> None:
    rendered = show(ASKED, PROFILES[name])
    assert rendered.choices == how
    if how == BUTTONS:
        assert [choice.title for choice in buttons(rendered.parts[0])] == ["Setujui", "Tolak…"]
        assert plain(rendered.parts[0]) == "Boleh?"
    else:
        assert plain(rendered.parts[0]) == "Boleh?\n\n1. Setujui\n2. Tolak…\nBalas (kutip) pesan ini dengan angka pilihan Anda."
        assert buttons(rendered.parts[0]) == ()


@pytest.mark.parametrize(
    ("titles", "how"),
    [
        (["a"] * 3, BUTTONS),
        (["a"] * 10, BUTTONS),  # as a list menu
        (["a"] * 11, NUMBERS),
        (["a" * 20] * 3, BUTTONS),
        (["a" * 24] * 3, BUTTONS),
        (["a" * 25] * 3, NUMBERS),
        ([], NOTHING),
    ],
)
def test_no_title_is_cut_and_no_choice_is_dropped(titles: list[str], how: str) -> None:
    rendered = show(Text((words("?"),), buttons=choices(*titles)), PROFILES["whatsapp"])
    assert rendered.choices == how
    shown = (
        [choice.title for choice in buttons(rendered.parts[-1])] if how == BUTTONS else plain(rendered.parts[-1]).split("\n")
    )
    assert all(any(title in one for one in shown) for title in titles)


@pytest.mark.parametrize(("locale", "word"), [("id", "Pilih"), ("en", "Choose")])
def test_a_list_is_opened_by_a_word_of_the_readers_language(locale: str, word: str) -> None:
    shown = show(Text((words("?"),), buttons=choices(*"abcde")), PROFILES["whatsapp"], locale).parts[-1]
    assert isinstance(shown, Text)
    assert shown.menu == word
    long = show(Text((words("? " * 3000),), buttons=choices(*"abcde")), PROFILES["whatsapp"], locale).parts[-1]
    assert isinstance(long, Text)
    assert long.menu == word


def test_a_choice_keeps_its_token_in_every_language() -> None:
    shown = show(Text((Phrase("umum.ya"),), buttons=(Choice("t", Phrase("umum.tidak")),)), PROFILES["telegram"], "en").parts[0]
    assert (plain(shown), buttons(shown)[0].title, buttons(shown)[0].token) == ("yes", "no", "t")


def test_styles_are_left_out_where_there_are_none_and_the_words_stay() -> None:
    styled = Text((Phrase("umum.periksa"), words("x")))
    assert spans(show(styled, PROFILES["telegram"]).parts[0])[0].bold
    bare = show(styled, Capabilities()).parts[0]
    assert isinstance(bare, Text)
    assert bare.spans == (TextRun("Mohon diperiksa:\nx"),)


texts = st.lists(st.text(alphabet=st.characters(codec="utf-16", exclude_categories=["Cs"]), max_size=40), max_size=12)


@given(texts, st.integers(4, 60))
def test_a_long_text_is_cut_to_the_limit_and_only_blanks_are_lost_at_the_cuts(parts: list[str], limit: int) -> None:
    styled = tuple(TextRun(part, bold=bool(n % 2)) for n, part in enumerate(parts))
    rendered = show(Text(spans=styled), Capabilities(text=limit, styles=True))
    assert all(units(plain(part)) <= limit for part in rendered.parts)
    assert all(plain(part).strip() for part in rendered.parts) or len(rendered.parts) == 1
    assert unspaced("".join(plain(part) for part in rendered.parts)) == unspaced("".join(parts))
    bold = "".join(span.text for part in rendered.parts for span in spans(part) if span.bold)
    assert unspaced(bold) == unspaced("".join(parts[1::2]))


def test_it_is_cut_between_lines_or_words_where_that_is_near() -> None:
    assert [plain(p) for p in show(Text((words("satu dua\ntiga empat"),)), Capabilities(text=12)).parts] == [
        "satu dua\n",
        "tiga empat",
    ]
    assert [plain(p) for p in show(Text((words("satu dua tiga"),)), Capabilities(text=10)).parts] == ["satu dua ", "tiga"]


def test_what_has_a_style_is_kept_whole_where_it_fits_into_the_next_message() -> None:
    styled = (TextRun("a" * 9 + " "), TextRun("Kadis PU", bold=True), TextRun(" setuju, besok"))
    parts = show(Text(spans=styled), Capabilities(text=16, styles=True)).parts
    assert [plain(part) for part in parts] == ["aaaaaaaaa ", "Kadis PU", " setuju, besok"]
    assert spans(parts[1])[0] == TextRun("Kadis PU", bold=True)


def test_no_word_is_cut_that_goes_whole_into_the_next_message() -> None:
    styled = (TextRun("a" * 9, italic=True), TextRun(" menghadiri rapat"))
    assert [plain(p) for p in show(Text(spans=styled), Capabilities(text=12, styles=True)).parts] == [
        "a" * 9,
        " menghadiri ",
        "rapat",
    ]


def test_a_message_of_nothing_but_blanks_is_not_made() -> None:
    assert [plain(p) for p in show(Text(spans=(TextRun("a" * 10 + " \n "),)), Capabilities(text=10)).parts] == ["a" * 10]


def test_a_letter_of_two_units_counts_as_two_and_is_never_cut_in_half() -> None:
    assert [plain(p) for p in show(Text((words("😀😀😀"),)), Capabilities(text=5)).parts] == ["😀😀", "😀"]


def test_buttons_stand_under_the_last_part() -> None:
    rendered = show(Text((words("a" * 25),), buttons=choices("ya")), Capabilities(text=10, buttons=3))
    assert [len(buttons(part)) for part in rendered.parts] == [0, 0, 1]


def test_a_photo_has_its_words_under_it_where_they_fit_and_else_after_it() -> None:
    photo = Photo("a" * 64, Text((words("x" * 30),), buttons=choices("ya")))
    (whole,) = show(photo, Capabilities(caption=30, buttons=1)).parts
    assert isinstance(whole, Photo)
    assert len(buttons(whole)) == 1
    bare, text = show(photo, Capabilities(caption=29, buttons=1)).parts
    assert isinstance(bare, Photo)
    assert (plain(bare), plain(text), len(buttons(text))) == ("", "x" * 30, 1)


@pytest.mark.parametrize(("able", "sizes"), [(10, [10, 10, 1]), (4, [4, 4, 4, 4, 4, 1]), (1, [1] * 21), (21, [21])])
def test_an_album_is_cut_into_what_the_messenger_takes_and_nothing_is_an_album_of_one(able: int, sizes: list[int]) -> None:
    photos = tuple(Photo(f"{n:064d}") for n in range(21))
    parts = show(Album(photos), Capabilities(album=able)).parts
    assert [len(part.items) if isinstance(part, Album) else 1 for part in parts] == sizes
    assert all(not isinstance(part, Album) or len(part.items) > 1 for part in parts)


def test_the_words_of_an_album_come_after_it_with_their_buttons() -> None:
    parts = show(Album((Photo("a"), Photo("b")), ASKED), PROFILES["telegram"]).parts
    assert isinstance(parts[0], Album)
    assert plain(parts[1]) == "Boleh?"
    assert len(buttons(parts[1])) == 2


def test_the_words_of_an_album_stand_under_it_where_it_has_no_buttons_and_they_fit() -> None:
    (whole,) = show(Album((Photo("a"), Photo("b")), Text((words("x" * 30),))), Capabilities(album=9, caption=30)).parts
    assert isinstance(whole, Album)
    assert plain(whole) == "x" * 30
    bare, text = show(Album((Photo("a"), Photo("b")), Text((words("x" * 30),))), Capabilities(album=9, caption=29)).parts
    assert (plain(bare), plain(text)) == ("", "x" * 30)


def test_pictures_and_files_are_no_album_together() -> None:
    parts = show(Album((Photo("a"), Photo("b"), Document("c", "c.pdf"))), Capabilities(album=9)).parts
    assert [type(part).__name__ for part in parts] == ["Album", "Document"]


def test_an_album_of_one_is_just_that() -> None:
    (photo,) = show(Album((Photo("a"),), Text((words("x"),))), Capabilities(album=9)).parts
    assert (type(photo), plain(photo)) == (Photo, "x")


def test_a_poll_becomes_choices() -> None:
    rendered = show(Poll(Text((words("Kapan?"),)), choices("Senin", "Selasa")), PROFILES["whatsapp_group"])
    assert "1. Senin\n2. Selasa" in plain(rendered.parts[0])


@pytest.mark.parametrize("content", [Location(-6.9, 107.6), Contact("Rina", "62812")])
def test_places_and_cards_are_as_they_are(content: Content) -> None:
    assert show(content, Capabilities()) == RenderedParts([content], NOTHING)


TEXTS = Capabilities(photo=False, document=False, location=False, contact=False)
SITE = "https://pendopo.kota.go.id"
ELSEWHERE = "lihat di aplikasi pesan lain, atau mintalah langsung."


def in_words(content: Content, able: Capabilities = TEXTS, locale: str = "id", site: str = "") -> str:
    (text,) = render(content, able, locale, CATALOGUES, site).parts
    assert isinstance(text, Text)
    return text.plain


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (Photo("a", Text((words("Jalan rusak"),))), "sebuah foto"),
        (Document("a", "surat_izin.pdf", Text((words("Jalan rusak"),))), "dokumen surat_izin.pdf"),
        (Album((Photo("a"), Photo("b"), Document("c", "x.pdf")), Text((words("Jalan rusak"),))), "3 berkas"),
        (Album((Photo("a"),), Text((words("Jalan rusak"),))), "sebuah foto"),
    ],
)
def test_files_that_cannot_be_shown_are_told_of_in_a_sentence(content: Content, what: str) -> None:
    told = f"Jalan rusak\nPesan ini disertai {what} yang tidak dapat ditampilkan di sini; "
    assert in_words(content) == told + ELSEWHERE
    assert in_words(content, site=SITE) == f"{told}lihat di dasbor: {SITE}"


def test_files_that_cannot_be_shown_are_told_of_in_the_readers_language() -> None:
    assert in_words(Photo("a"), locale="en") == (
        "This message comes with a photo, which cannot be shown here; see it on another messenger, or ask for it."
    )
    assert "nu teu tiasa ditingalikeun di dieu" in in_words(Document("a", "x.pdf"), locale="su")


def test_the_choices_under_a_photo_that_cannot_be_shown_stay_choices() -> None:
    asked = Photo("a", Text((words("Boleh?"),), buttons=choices("Setujui", "Tolak")))
    rendered = show(asked, TEXTS)
    assert rendered.choices == NUMBERS
    assert plain(rendered.parts[0]).startswith("Boleh?\nPesan ini disertai sebuah foto")
    assert plain(rendered.parts[0]).endswith(
        f"{ELSEWHERE}\n\n1. Setujui\n2. Tolak\nBalas (kutip) pesan ini dengan angka pilihan Anda."
    )
    touched = show(asked, Capabilities(photo=False, buttons=3))
    assert (touched.choices, len(buttons(touched.parts[0]))) == (BUTTONS, 2)


def test_words_that_were_rendered_already_stay_before_the_sentence() -> None:
    assert in_words(Photo("a", Text(spans=(TextRun("Peta", bold=True),)))).startswith("Peta\nPesan ini disertai sebuah foto")


def test_a_long_caption_of_a_photo_that_cannot_be_shown_is_cut_as_a_text() -> None:
    parts = show(Photo("a", Text((words("kata " * 60),))), msgspec.structs.replace(TEXTS, text=100)).parts
    assert len(parts) > 3
    assert all(isinstance(part, Text) and units(part.plain) <= 100 for part in parts)
    assert "".join(unspaced(plain(part)) for part in parts).endswith(unspaced(ELSEWHERE))


def test_of_an_album_what_can_be_shown_is_shown_and_the_rest_told_of() -> None:
    album = Album((Photo("a"), Document("b", "x.pdf"), Photo("c")), Text((words("Rapat"),)))
    (shown,) = show(album, Capabilities(document=False, album=10)).parts
    assert isinstance(shown, Album)
    assert [item.blob for item in shown.items] == ["a", "c"]
    assert plain(shown).startswith("Rapat\nPesan ini disertai dokumen x.pdf yang")
    (file,) = show(album, Capabilities(photo=False)).parts
    assert isinstance(file, Document)
    assert plain(file).startswith("Rapat\nPesan ini disertai 2 berkas yang")


def test_a_place_becomes_its_name_its_coordinates_and_a_map() -> None:
    address = "https://www.openstreetmap.org/?mlat=-6.917500&mlon=107.619100"
    assert in_words(Location(-6.9175, 107.6191, "Balai Kota")) == f"Lokasi: Balai Kota (-6.917500, 107.619100) {address}"
    assert in_words(Location(-6.9175, 107.6191)) == f"Lokasi: (-6.917500, 107.619100) {address}"
    assert "(0.000001, 107.000000)" in in_words(Location(1e-6, 107.0))


def test_a_card_becomes_a_name_and_a_number() -> None:
    assert in_words(Contact("Rina Hidayat", "+6281200000001")) == "Kontak: Rina Hidayat, +6281200000001"


@pytest.mark.parametrize("lacking", ["photo", "document", "location", "contact"])
def test_only_what_a_chat_lacks_becomes_words(lacking: str) -> None:
    contents: dict[str, Content] = {
        "photo": Photo("a"),
        "document": Document("a", "x"),
        "location": Location(1, 2),
        "contact": Contact("R", "1"),
    }
    able = msgspec.structs.replace(Capabilities(), **{lacking: False})
    for name, content in contents.items():
        (part,) = show(content, able).parts
        assert isinstance(part, Text if name == lacking else type(content))


@pytest.mark.parametrize(
    ("refused", "forms"),
    [
        (Text(spans=(TextRun("halo"),)), []),
        (Text(spans=(TextRun("ha", bold=True), TextRun("lo"))), ["halo"]),
        (Text(spans=(TextRun("Boleh?"),), buttons=(Choice("t", words("Ya"), "Ya"),)), ["Boleh?\n\n1. Ya\n"]),
        (Photo("a" * 64, Text(spans=(TextRun("air"),))), ["air\n(Foto"]),
        (Document("a" * 64, "a.pdf"), ["(Foto"]),
        (
            Album((Photo("a" * 64), Photo("b" * 64)), Text(spans=(TextRun("air"),), buttons=(Choice("t", words("Ya"), "Ya"),))),
            ["air\n(Foto", "1. Ya"],
        ),
        (Location(-6.9, 107.6, "Dago"), ["Dago"]),
        (Contact("Rina", "+62812"), ["+62812"]),
    ],
)
def test_what_is_refused_has_plainer_forms_down_to_plain_words(refused: Content, forms: list[str]) -> None:
    message = refused
    for form in forms:
        weaker = weaken_message(message, "id", CATALOGUES)
        assert isinstance(weaker, Text)
        assert form in weaker.plain
        message = weaker
    while (last := weaken_message(message, "id", CATALOGUES)) is not None:
        message = last
    assert isinstance(message, Text)
    assert not message.buttons
    assert not any(span.bold or span.italic or span.url for span in message.spans)
