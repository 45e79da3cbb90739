"""The audit log in words."""

from pendopo.testing import Story

from tests.web.dashboard.city import lived
from tests.web.dashboard.conftest import Sign


async def test_the_audit_log_says_in_words_who_did_what(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/audit?objek=izin/2")
    assert "menyetujui" in browser.words
    assert "mengajukan izin" in browser.words
    await browser.get("/audit?orang=Lurah Dago")
    assert "laporan masuk" in browser.words
    assert "menyetujui" not in browser.words
