"""The signature is the grammar: every type of argument is read from words, put away and taken out again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import (
    Context,
    DateRange,
    Day,
    Document,
    Duration,
    Instant,
    Location,
    Message,
    Photo,
    Prompt,
    RestOfText,
)
from pendopo.errors import PluginError
from pendopo.model import Chat
from pendopo.model.numbers import LARGEST
from pendopo.plugin.arguments.signature import (
    ParseContext,
    bind_answer,
    bind_arguments,
    dump_arguments,
    load_arguments,
    read_signature,
)

from .handlers import (
    CONTEXT,
    NOW,
    PEOPLE,
    RINA,
    ZONE,
    Warna,
    all_kinds,
    amount,
    bind_line,
    colour,
    day,
    length,
    level,
    number,
    truth,
    who,
    word,
)


def test_every_kind_is_read_from_one_line() -> None:
    bound = bind_line(all_kinds, '#27 Rp1.500.000,50 ya "dua kata" biru tua SATU Kadis PU besok jam 9 dan lain-lain')
    assert not bound.missing
    assert bound.values == {
        "angka": 27,
        "harga": Decimal("1500000.50"),
        "setuju": True,
        "kata": "dua kata",
        "warna": Warna.BIRU_TUA,
        "pilih": "satu",
        "waktu": Instant(datetime(2026, 8, 13, 9, tzinfo=ZONE)),
        "siapa": RINA,
        "sisa": "dan lain-lain",
    }


def test_what_is_missing_is_named_in_the_order_of_the_signature() -> None:
    bound = bind_line(all_kinds, "27")
    assert [param.name for param in bound.missing] == ["harga", "setuju", "kata", "warna", "pilih", "waktu", "siapa", "sisa"]


@pytest.mark.parametrize(
    ("handler", "text", "value"),
    [
        (number, "1.500", 1500),
        (number, "-3", -3),
        (number, "#12", 12),
        (amount, "1500000.50", Decimal("1500000.50")),
        (amount, "Rp 2.000", Decimal(2000)),
        (amount, "rp2.000,5", Decimal("2000.5")),
        (truth, "Tidak", False),
        (truth, "muhun", True),
        (word, "'dua kata' lagi", "dua kata"),
        (colour, "Biru Tua", Warna.BIRU_TUA),
        (colour, '"biru tua"', Warna.BIRU_TUA),
        (level, "2", 2),
        (who, "@kadis pu", RINA),
        (who, "Bu Rina Hidayat tolong", RINA),
        (day, "14 s.d. 16 Agustus", DateRange(date(2026, 8, 14), date(2026, 8, 16))),
        (length, "3 hari", Duration(timedelta(days=3))),
    ],
)
def test_a_value_is_read_as_people_write_it(handler: Any, text: str, value: object) -> None:
    bound = bind_line(handler, text)
    assert bound.values == {"n": value}
    params = read_signature(handler)
    assert load_arguments(params, dump_arguments(params, bound.values), PEOPLE) == bound.values


@pytest.mark.parametrize(
    ("handler", "text", "key"),
    [
        (number, "banyak", "tanya.bukan_angka"),
        (number, "12a", "tanya.bukan_angka"),
        (number, "²", "tanya.bukan_angka"),
        (number, "①", "tanya.bukan_angka"),
        (amount, "mahal", "tanya.bukan_angka"),
        (amount, "NaN", "tanya.bukan_angka"),
        (amount, "Infinity", "tanya.bukan_angka"),
        (truth, "mungkin", "tanya.ya_atau_tidak"),
        (colour, "hijau", "tanya.salah_pilih"),
        (who, "Rima Hidayat", "tanya.siapa"),
        (who, "Siti", "tanya.siapa"),
        (who, "Zulkifli", "tanya.tidak_dikenal"),
        (day, "31 Februari", "waktu.tidak_ada"),
        (day, "besok jam 9", "waktu.jenis_lain"),
    ],
)
def test_what_is_there_but_wrong_is_said_why(handler: Any, text: str, key: str) -> None:
    bound = bind_line(handler, text)
    assert bound.trouble["n"].key == key
    assert [param.name for param in bound.missing] == ["n"]


@pytest.mark.parametrize("word", ["sampai", "hingga", "s.d.", "sampai dengan"])
def test_until_a_day_begins_today_where_a_length_is_wanted(word: str) -> None:
    today = NOW.astimezone(ZONE).date()
    assert bind_line(day, f"{word} 16 Agustus").values["n"] == DateRange(today, date(2026, 8, 16))
    assert bind_line(day, "16 Agustus").values["n"] == Day(date(2026, 8, 16))


async def optional(ctx: Context, teks: str = "", n: int | None = None, waktu: Day | None = None) -> None: ...


def test_what_may_be_left_out_has_its_default() -> None:
    assert bind_line(optional, "").values == {"teks": "", "n": None, "waktu": None}
    assert bind_line(optional, "halo 5").values == {"teks": "halo", "n": 5, "waktu": None}


async def papers(ctx: Context, berkas: list[Photo | Document]) -> None: ...


async def files(ctx: Context, foto: list[Photo], surat: Document | None = None, di: Location | None = None) -> None: ...


def test_files_and_places_come_with_the_message() -> None:
    here = Location(-6.9, 107.6)
    message = Message(key="1", chat=Chat("telegram", "1"), at=NOW, location=here)
    given_ = (Photo("a"), Document("b", "surat.pdf"), Photo("c"))
    bound = bind_line(files, "", ParseContext(NOW, ZONE, PEOPLE, message, given_))
    assert bound.values == {"foto": [Photo("a"), Photo("c")], "surat": Document("b", "surat.pdf"), "di": here}
    assert bind_line(papers, "", ParseContext(NOW, ZONE, PEOPLE, message, given_)).values == {"berkas": list(given_)}
    params = read_signature(files)
    assert load_arguments(params, dump_arguments(params, bound.values), PEOPLE) == bound.values


def test_a_question_of_its_own_is_found_in_the_annotation() -> None:
    async def handler(
        ctx: Context, a: Annotated[int, Prompt("uji.tanya")], b: Annotated[RestOfText, Prompt("uji.lagi")]
    ) -> None: ...

    assert [param.question for param in read_signature(handler)] == ["uji.tanya", "uji.lagi"]


def test_an_answer_takes_the_whole_text_of_a_word() -> None:
    (param,) = read_signature(word)
    assert bind_answer(param, " dua kata ", CONTEXT).values == {"n": "dua kata"}


def refused() -> list[Any]:
    def no_coroutine(ctx: Context) -> None: ...
    async def no_context() -> None: ...
    async def no_type(ctx: Context, a) -> None: ...  # type: ignore[no-untyped-def]  # what is refused
    async def star(ctx: Context, *a: int) -> None: ...
    async def stars(ctx: Context, **a: int) -> None: ...
    async def a_set(ctx: Context, a: set[int]) -> None: ...
    async def numbers(ctx: Context, a: list[int]) -> None: ...
    async def either(ctx: Context, a: int | str) -> None: ...
    async def an_object(ctx: Context, a: object) -> None: ...

    return [no_coroutine, no_context, no_type, star, stars, a_set, numbers, either, an_object]


@pytest.mark.parametrize("handler", refused(), ids=lambda handler: handler.__name__)
def test_a_signature_no_text_can_fill_is_refused_by_name(handler: Any) -> None:
    with pytest.raises(PluginError, match=handler.__name__):
        read_signature(handler)


def test_what_no_longer_fits_raises_value_error_only() -> None:
    params = read_signature(all_kinds)
    spoilt: list[dict[str, Any]] = [
        {"gone": 1}, {"harga": "x"}, {"warna": "ungu"}, {"waktu": {"type": "Nope"}}, {"siapa": 99}, {"harga": []},
    ]  # fmt: skip
    for data in spoilt:
        with pytest.raises(ValueError, match=r"."):
            load_arguments(params, data, PEOPLE)


texts = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["besok", "jam 9", "14", "ya", "Rp", "#3", "Kadis PU", "satu", "biru tua", '"', "'", "31 Februari", "\u200b"]
    )
).map(" ".join)


@given(texts)
def test_no_text_at_all_breaks_reading_and_all_that_is_read_comes_back(text: str) -> None:
    for handler in (all_kinds, optional, who, day, length):
        params = read_signature(handler)
        bound = bind_arguments(params, text, CONTEXT)
        assert {*bound.values, *(param.name for param in bound.missing)} == {param.name for param in params}
        assert load_arguments(params, dump_arguments(params, bound.values), PEOPLE) == bound.values


@pytest.mark.parametrize(
    ("text", "value"),
    [("9" * 30, LARGEST), (f"-{'9' * 30}", -LARGEST), (f"#{LARGEST + 1}", LARGEST), ("٢٧", 27), ("#１２", 12), ("1.500", 1500)],
)
def test_a_number_beyond_all_columns_is_the_largest_and_any_digits_count(text: str, value: int) -> None:
    assert bind_line(number, text).values == {"n": value}


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_whole_number_is_itself(value: int) -> None:
    assert bind_line(number, str(value)).values == {"n": value}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_every_amount_is_itself_with_a_comma_or_a_point(value: Decimal) -> None:
    assert bind_line(amount, f"{value:f}".replace(".", ",")).values == {"n": value}
    assert bind_line(amount, f"{value:f}").values == {"n": value}


def test_a_sequence_is_a_list() -> None:
    async def handler(ctx: Context, foto: Sequence[Photo] = ()) -> None: ...

    assert bind_line(handler, "").values == {"foto": ()}
