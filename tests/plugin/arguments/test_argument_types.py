"""Every kind of argument, whatever is said: read, or refused in words; put away as JSON and taken out again as it was."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo import (
    Context,
    DateRange,
    Day,
    Document,
    IgnoreDoubts,
    Instant,
    Location,
    Message,
    OneTime,
    Person,
    Photo,
    RestOfText,
    TimeRange,
    When,
)
from pendopo.model import Chat, Mention, Post, Unit
from pendopo.plugin.arguments.argument_types import ArgumentProblem
from pendopo.plugin.arguments.signature import (
    SIMPLE_KINDS,
    ParseContext,
    bind_answer,
    bind_arguments,
    dump_arguments,
    load_arguments,
    read_signature,
)

from tests.oddities import ODD, dice, mutated, texts

from .handlers import NOW, PEOPLE, ZONE, Warna, amount, day, money, number, truth, who, word

WORDS = (
    "besok jam 9",
    "14-16 Agustus",
    "sampai Jumat",
    "31 Februari",
    "3 hari",
    "Rp",
    "1.500,50",
    "1e999999",
    "ya",
    "biru tua",
    "satu",
)
NAMES = ("Kadis PU", "Rina Hidayat", "Siti", "Dinas PU", "pu", "@rin", "Kadis Lame")


async def every(
    ctx: Context,
    angka: int,
    harga: Decimal,
    setuju: bool,
    kata: str,
    warna: Warna,
    pilih: Literal["satu", "dua", 3],
    waktu: When,
    siapa: Person,
    jabatan: Post,
    unit: Unit,
    letak: Location,
    foto: Photo,
    surat: Document,
    semua: list[Photo],
    lagi: Sequence[Document],
    sisa: RestOfText,
) -> None: ...


async def place(ctx: Context, di: Location | str) -> None: ...
async def either(ctx: Context, n: Day | Instant | None = None) -> None: ...
async def optional(ctx: Context, n: int = 3, siapa: Person | None = None, sisa: RestOfText = "") -> None: ...


HANDLERS = (every, place, either, optional, money)
PARAMS = {param.name: param for param in read_signature(every)}
HERE = Location(-6.9, 107.6)
FILES = (Photo("a"), Document("b", "surat.pdf"), Photo("c"))


def around(text: str, shared: bool) -> ParseContext:
    message = Message(
        key="1",
        chat=Chat("telegram", "1"),
        at=NOW,
        text=text,
        mentions=(Mention("@rin", "telegram:1"), Mention("", "telegram:1"), Mention("Siti", "telegram:404")),
        location=HERE if shared else None,
    )
    return ParseContext(NOW, ZONE, PEOPLE, message, FILES if shared else ())


def test_every_kind_of_argument_has_a_sample_in_this_file() -> None:
    tried = {type(param.kind) for handler in HANDLERS for param in read_signature(handler)}
    made = {type(make()) for make in SIMPLE_KINDS.values()}
    assert made < tried
    assert len(tried) == 14


@given(text=texts(*WORDS, *NAMES), shared=st.booleans(), handler=st.sampled_from(HANDLERS))
def test_a_command_line_of_whatever_gives_each_argument_or_asks_for_it(text: str, shared: bool, handler: Any) -> None:
    params = read_signature(handler)
    bound = bind_arguments(params, text, around(text, shared))
    assert {*bound.values, *(param.name for param in bound.missing)} == {param.name for param in params}
    assert set(bound.trouble) <= {param.name for param in bound.missing}
    stored = msgspec.json.decode(msgspec.json.encode(dump_arguments(params, bound.values)))
    assert load_arguments(params, stored, PEOPLE) == bound.values


@given(text=texts(*WORDS, *NAMES), name=st.sampled_from(sorted(PARAMS)))
def test_an_answer_of_whatever_is_taken_or_refused_with_choices_that_can_be_taken(text: str, name: str) -> None:
    param = PARAMS[name]
    bound = bind_answer(param, text, around(text, False))
    assert ([*bound.values] == [name]) != ([*bound.missing] and bound.missing[0].name == name)
    trouble = bound.trouble.get(name)
    if trouble is not None:
        assert isinstance(trouble, ArgumentProblem)
        for label, value in trouble.options:
            assert label
            assert load_arguments([param], dump_arguments([param], {name: value}), PEOPLE) == {name: value}


@given(text=texts("31 Februari", "kemarin jam 9", "Senin 14 Agustus 2026", "besok jam 9", "H-1", "setiap Senin"))
def test_of_a_time_only_the_kind_that_is_wanted_is_offered(text: str) -> None:
    for wanted in get_args(When):

        async def handler(ctx: Context, n: wanted) -> None: ...  # type: ignore[valid-type]  # set below

        handler.__annotations__["n"] = wanted
        bound = bind_arguments(read_signature(handler), text, around(text, False))
        offered = [value for trouble in bound.trouble.values() for _, value in trouble.options]
        assert all(isinstance(value, wanted) for value in [*bound.values.values(), *offered])


@given(chance=dice)
def test_what_was_put_away_and_spoilt_is_loaded_soundly_or_is_a_value_error(chance: random.Random) -> None:
    """An upgrade changed the signature, or somebody wrote into the database."""
    params = read_signature(every)
    line = '27 Rp1.500 ya kata biru tua satu Kadis PU "Kadis Lama" Dinas PU besok jam 9 dan lain-lain'
    whole = dump_arguments(params, bind_arguments(params, line, around(line, True)).values)
    spoilt = mutated(whole, chance)
    try:
        values = load_arguments(params, spoilt if isinstance(spoilt, dict) else {}, PEOPLE)
    except ValueError:
        return
    held = {"angka": int, "harga": Decimal, "setuju": bool, "kata": str, "warna": Warna, "siapa": Person, "sisa": str}
    assert all(type(values[name]) is type_ for name, type_ in held.items() if values.get(name) is not None)
    assert msgspec.json.encode(dump_arguments(params, values))


@pytest.mark.parametrize("handler", [number, truth, word, amount, day, who])
@pytest.mark.parametrize("data", [value for value in ODD if value is not None], ids=lambda data: repr(data)[:20])
def test_a_value_of_another_type_no_longer_fits(handler: Any, data: Any) -> None:
    """A parameter that was a word before an upgrade, and is a number now, is never given the word."""
    fits = {number: int, truth: bool, word: str}.get(handler, type(None))
    params = read_signature(handler)
    if type(data) is fits or (handler is amount and str(data).isdigit() and isinstance(data, str)):
        data = Decimal(str(data)) if handler is amount else data
        assert load_arguments(params, dump_arguments(params, {"n": data}), PEOPLE) == {"n": data}
    else:
        with pytest.raises(ValueError, match=r"."):
            load_arguments(params, {"n": data}, PEOPLE)


@pytest.mark.parametrize("data", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_no_amount_is_loaded_that_cannot_be_counted(data: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        load_arguments(read_signature(amount), {"n": data}, PEOPLE)


@pytest.mark.parametrize(
    "text", ["1e999999", "1E9", "1,5e400", "1_000", "1__0", "9" * 19, "0." + "1" * 10, ".", "-", "+", ",", "0x1"]
)
def test_an_amount_is_written_as_people_write_it_and_not_as_programs_do(text: str) -> None:
    """`1e999999` would be a million digits to whoever writes it out."""
    bound = bind_arguments(read_signature(amount), text, around(text, False))
    assert bound.trouble["n"].key == "tanya.bukan_angka"


@pytest.mark.parametrize(("text", "value"), [(".5", "0.5"), ("5.", "5"), ("+3", "3"), ("-2,5", "-2.5"), ("١٢", "12")])
def test_an_amount_may_be_short_or_signed(text: str, value: str) -> None:
    assert bind_arguments(read_signature(amount), text, around(text, False)).values == {"n": Decimal(value)}


@given(minutes=st.integers(0, 10**6))
def test_a_time_that_was_put_away_is_the_same_moment(minutes: int) -> None:
    params = read_signature(either)
    value = Instant(datetime(2026, 8, 12, tzinfo=UTC) + timedelta(minutes=minutes))
    assert load_arguments(params, msgspec.json.decode(msgspec.json.encode(dump_arguments(params, {"n": value}))), PEOPLE) == {
        "n": value
    }


# -- A time in doubt is asked about; a plugin that does not want to be asked says which doubt it takes over.


async def away(ctx: Context, waktu: OneTime, isi: RestOfText = "") -> None: ...


async def careless(ctx: Context, waktu: Annotated[OneTime, IgnoreDoubts("order", "unread")], isi: RestOfText = "") -> None: ...


async def repeating(ctx: Context, waktu: When, isi: RestOfText = "") -> None: ...


def bound_time(handler: Any, text: str) -> tuple[Any, str, list[str]]:
    """The value, or the key of the question, and the buttons it offers."""
    bound = bind_arguments(read_signature(handler), text, ParseContext(NOW, ZONE, PEOPLE))
    problem = bound.trouble.get("waktu")
    return bound.values.get("waktu"), problem.key if problem else "", [label for label, _ in problem.options] if problem else []


@pytest.mark.parametrize(
    ("text", "key", "offered"),
    [
        ("tgl 20 dinas 3 hari", "waktu.pilih", ["Kamis, 20 Agustus 2026", "20–22 Agustus 2026"]),
        (
            "besok setengah hari",
            "waktu.paruh_hari",
            ["Kamis, 13 Agustus 2026, pukul 07.30–12.00 WIB", "Kamis, 13 Agustus 2026, pukul 12.00–16.00 WIB"],
        ),
        ("cuti 2 jam besok", "waktu.belum_terbaca", ["Kamis, 13 Agustus 2026"]),
        ("20-25 Agustus kecuali Minggu", "waktu.belum_terbaca", ["20–25 Agustus 2026"]),
        (
            "Selasa, 24 Agustus 2026 jam 9",
            "waktu.tidak_cocok",
            ["Senin, 24 Agustus 2026, pukul 09.00 WIB", "Selasa, 25 Agustus 2026, pukul 09.00 WIB"],
        ),
    ],
)
def test_a_doubt_is_a_question_with_what_may_be_meant(text: str, key: str, offered: list[str]) -> None:
    assert bound_time(away, text) == (None, key, offered)


def test_a_recurrence_that_passes_months_over_is_asked_about() -> None:
    value, key, offered = bound_time(repeating, "setiap Jumat kelima jam 9")
    assert (value, key) == (None, "waktu.dilewati")
    assert offered == ["Setiap Jumat kelima tiap bulan, pukul 09.00 WIB", "Setiap Jumat terakhir tiap bulan, pukul 09.00 WIB"]


def test_a_doubt_that_is_declared_to_be_ignored_is_not_asked_about() -> None:
    assert bound_time(careless, "tgl 20 dinas 3 hari")[0] == Day(date(2026, 8, 20))
    assert bound_time(careless, "cuti 2 jam besok")[0] == Day(date(2026, 8, 13))
    assert bound_time(careless, "besok setengah hari")[1] == "waktu.paruh_hari"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sampai Jumat", DateRange(date(2026, 8, 12), date(2026, 8, 14))),
        ("sakit sejak Senin", DateRange(date(2026, 8, 10), date(2026, 8, 12))),
        ("cuti tgl 7,8,9 sep", DateRange(date(2026, 9, 7), date(2026, 9, 9))),
        ("besok mulai jam 13.00", TimeRange(datetime(2026, 8, 13, 13, tzinfo=ZONE))),
        ("sampai besok jam 12", TimeRange(datetime(2026, 8, 13, 7, 30, tzinfo=ZONE), datetime(2026, 8, 13, 12, tzinfo=ZONE))),
        ("besok sebelum jam 10", TimeRange(datetime(2026, 8, 13, 7, 30, tzinfo=ZONE), datetime(2026, 8, 13, 10, tzinfo=ZONE))),
    ],
)
def test_where_a_length_is_wanted_the_open_end_of_a_time_is_filled_in(text: str, value: When) -> None:
    assert bound_time(away, text)[0] == value


def test_where_times_may_repeat_a_deadline_stays_one() -> None:
    value, _, _ = bound_time(repeating, "sampai Jumat")
    assert value == Day(date(2026, 8, 14))


@pytest.mark.parametrize(
    ("text", "value"),
    [("250 ribu iuran", 250_000), ("250rb", 250_000), ("1,5 juta", 1_500_000), ("Rp 2 jt", 2_000_000), ("250k air", 250_000)],
)
@pytest.mark.parametrize("handler", [amount, number])
def test_a_number_never_leaves_its_scale_to_the_rest(text: str, value: int, handler: Any) -> None:
    assert bind_arguments(read_signature(handler), text, around(text, False)).values == {"n": value}


@pytest.mark.parametrize("text", ["250 ribuan", "12 belas", "2 ratus", "5 puluh ribu", "250rb-300rb", "1 juta 500"])
@pytest.mark.parametrize("handler", [amount, number])
def test_a_number_whose_words_are_not_clear_is_asked_for(text: str, handler: Any) -> None:
    assert bind_arguments(read_signature(handler), text, around(text, False)).trouble["n"].key == "tanya.bukan_angka"


@pytest.mark.parametrize(("text", "value"), [("3 rapat", 3), ("27 ruang", 27), ("#27", 27), ("1.500 lembar", 1500)])
def test_a_number_before_other_words_is_itself(text: str, value: int) -> None:
    assert bind_arguments(read_signature(number), text, around(text, False)).values == {"n": value}
