"""A recap holds the very rows of its page."""

import csv
import io

import openpyxl
import pypdf
import pytest
from pendopo.testing import Story
from pendopo.web.dashboard.pages.plugin_pages import looks_like_formula

from tests.web.dashboard.city import lived
from tests.web.dashboard.conftest import Sign


async def test_a_recap_holds_the_rows_of_the_page_and_is_noted(story: Story, sign_in: Sign) -> None:
    await lived(story, "=HYPERLINK(1)")
    browser = await sign_in(story.actor("sekda"))
    answer = await browser.get("/laporan?unduh=laporan.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["No.", "#2", "#1"]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    excel = await browser.get("/laporan?unduh=laporan.xlsx")
    assert excel.content[:2] == b"PK"
    pdf = await browser.get("/laporan?unduh=laporan.pdf")
    assert pdf.content[:5] == b"%PDF-"
    assert "attachment" in pdf.headers["content-disposition"]
    assert (await browser.get("/laporan?unduh=laporan.exe")).status_code == 404
    assert [line.object for line in await story.stored.list_audit_lines("web.unduh")] == ["laporan.peta_bulan"] * 3


async def test_a_recap_reads_the_same_on_any_day(story: Story, sign_in: Sign) -> None:
    """Full dates that machines sort, the last day that belongs to it, and the zone of its hours."""
    await lived(story)
    browser = await sign_in(story.actor("sekda"))

    async def download(kind: str) -> bytes:
        return bytes((await browser.get(f"/izin/rekap?bulan=2026-08&unduh=izin.{kind}")).content)

    rows = list(csv.reader(io.StringIO((await download("csv")).decode("utf-8-sig"))))
    assert rows[0][5:8] == ["Mulai (WIB)", "Selesai (WIB)", "Hari"]
    assert [row[5:8] for row in rows[1:]] == [["2026-08-12", "2026-08-14", "3"], ["2026-08-13 09:00", "2026-08-13 11:00", "1"]]
    sheet = openpyxl.load_workbook(io.BytesIO(await download("xlsx"))).worksheets[0]
    assert [str(cell.value) for cell in sheet["F"][1:]] == ["2026-08-12 00:00:00", "2026-08-13 09:00:00"]
    assert [cell.number_format for cell in sheet["F"][1:]] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]
    words = " ".join(pypdf.PdfReader(io.BytesIO(await download("pdf"))).pages[0].extract_text().split())
    assert all(day in words for day in ("12 Agu 2026", "14 Agu 2026", "13 Agu 2026, 09.00"))
    before = await download("csv")
    await story.advance(hours=14)
    browser = await sign_in(story.actor("sekda"))
    assert await download("csv") == before


@pytest.mark.parametrize("mark", ["", "\ufeff", "\u200b", "\u202e", " ", "\u00ad", "\u0301"])
@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@a", "\t=1", "＝1+1", "＋1", "－1", "＠a"])
def test_no_word_becomes_a_formula(mark: str, sign: str) -> None:
    assert looks_like_formula(mark + sign)


@pytest.mark.parametrize("text", ["", "Dago", "a=b", "1+1", "\u200bDago", "'=1", "3 - 4", "½", "(=)"])
def test_words_stay_as_they_are(text: str) -> None:
    assert not looks_like_formula(text)
