"""An amount of money is read whole, or it is in doubt."""

from decimal import Decimal

import pytest
from pendopo.model.amounts import format_rupiah, read_amount

READ = {
    "250rb": 250_000,
    "250 rb": 250_000,
    "250 ribu": 250_000,
    "250Ribu iuran": 250_000,
    "250k": 250_000,
    "1,5 jt": 1_500_000,
    "1.5jt": 1_500_000,
    "1,25 juta": 1_250_000,
    "0,25jt": 250_000,
    "2M": 2_000_000_000,
    "1,5 miliar": 1_500_000_000,
    "1.500 juta": 1_500_000_000,
    "Rp 75.000,-": 75_000,
    "Rp75.000,00": 75_000,
    "Rp. 75.000": 75_000,
    "rp75000": 75_000,
    "IDR 75,000": 75_000,
    "75,000": 75_000,
    "1.250.000": 1_250_000,
    "1,250,000.50": "1250000.50",
    "1.250.000,50": "1250000.50",
    "1500000": 1_500_000,
    "1500000.50": "1500000.50",
    "75.000 rupiah": 75_000,
    "75rb perak": 75_000,
    "dua ratus ribu": 200_000,
    "Dua ratus lima puluh ribu rupiah": 250_000,
    "dua puluh lima ribu": 25_000,
    "dua belas ribu": 12_000,
    "sebelas ribu": 11_000,
    "seratus ribu": 100_000,
    "seribu lima ratus": 1_500,
    "sejuta": 1_000_000,
    "satu juta dua ratus lima puluh ribu": 1_250_000,
    "setengah juta": 500_000,
    "dua setengah juta": 2_500_000,
    "1 juta 250 ribu": 1_250_000,
    "1jt 500rb": 1_500_000,
    "two hundred fifty thousand": 250_000,
    "dua ratus rebu": 200_000,
    "sebesar 250 ribu": 250_000,
    "Rp 5": 5,
    "250rb, iuran Agustus": 250_000,
    "250rb/bulan": 250_000,
    "250.000.": 250_000,
    "500000 untuk pak Rudi": 500_000,
}


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_an_amount_is_read_whole(text: str, value: int | str) -> None:
    read = read_amount(text)
    assert read is not None
    assert (read.value, read.doubtful) == (Decimal(value), False)


REST = {
    "250 ribu iuran": " iuran",
    "Rp 75.000,- untuk air": " untuk air",
    "dua ratus ribu, air": ", air",
    "1jt 500rb kas": " kas",
}


@pytest.mark.parametrize(("text", "rest"), REST.items())
def test_what_is_no_amount_is_left(text: str, rest: str) -> None:
    read = read_amount(text)
    assert read is not None
    assert text[read.end :] == rest


DOUBTFUL = {
    "1 juta 500": (),
    "dua juta lima ratus": (),
    "satu juta setengah": (),
    "250 ribuan": (250_000,),
    "75 000": (75_000,),
    "1 500 000": (1_000, 1_500_000),
    "250rb-300rb": (300_000,),
    "250 ribu sampai 300 ribu": (300_000,),
    "3 x 50rb": (3_000, 50_000),
    "50rb x 3": (),
    "50rb + 20rb": (20_000,),
    "10%": (10_000,),
    "50 dolar": (50_000,),
    "5 galon air 50rb": (5_000, 50_000),
    "100 galon air Rp500.000": (500_000,),
    "dua galon": (2_000,),
    "5 m kain": (5_000, 5_000_000_000),
    "250 ribu dua galon": (),
    "250.000 3 galon": (),
    "2 ratus ribu": (2_000,),
    "250 ribu 300 ribu": (300_000,),
}


@pytest.mark.parametrize(("text", "others"), DOUBTFUL.items())
def test_an_amount_of_which_more_may_follow_is_in_doubt(text: str, others: tuple[int, ...]) -> None:
    read = read_amount(text)
    assert read is not None
    assert (read.doubtful, read.others) == (True, tuple(Decimal(other) for other in others))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "iuran",
        "1.5",
        "1,5",
        "12.50.000",
        "1.000.00",
        "250.00",
        "250rban",
        "-5000",
        "$50",
        "USD 50",
        "belas",
        "ribu",
        "#27",
        "²",
    ],
)
def test_what_is_no_clear_amount_is_not_read(text: str) -> None:
    assert read_amount(text) is None


@pytest.mark.parametrize(("value", "said"), [("0", "Rp0"), ("250000", "Rp250.000"), ("1250000.5", "Rp1.250.000,50")])
def test_an_amount_is_written_as_indonesians_do(value: str, said: str) -> None:
    assert format_rupiah(Decimal(value)) == said
