"""A recap holds the very rows of its page."""

import csv
import io

from pendopo.testing import Story

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
