"""The language of the page is that of its reader."""

from pendopo.testing import Story

from tests.web.dashboard.city import lived
from tests.web.dashboard.conftest import Sign


async def test_the_language_of_the_page_is_that_of_its_reader(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("lurah"))
    await browser.get("/pengaturan")
    await browser.press("Simpan", **{"f.bahasa": "su"})
    answer = await browser.get("/laporan")
    assert '<html lang="su">' in answer.text
    assert "Daptar laporan" in browser.words
    await browser.get("/pengaturan")
    await browser.press("Simpen", **{"f.bahasa": "en"})
    await browser.get("/laporan")
    assert "All reports" in browser.words
