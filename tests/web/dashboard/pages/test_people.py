"""People are found with what they hold."""

from pendopo.testing import Story

from tests.web.dashboard.conftest import Sign


async def test_people_are_found_with_their_posts_and_mandates(story: Story, sign_in: Sign) -> None:
    browser = await sign_in(story.actor("lurah"))
    await browser.get("/orang?cari=coblong")
    assert "Hendra Gunawan" in browser.words
    assert "Rina Hidayat" not in browser.words
    await browser.get("/orang/1")
    assert "memory:" not in browser.words  # what messenger, not under which number
    assert (await browser.get("/orang/999")).status_code == 404
