"""Everybody's first page opens."""

import pytest
from pendopo.testing import Story

from tests.web.dashboard.city import lived
from tests.web.dashboard.conftest import Sign


@pytest.mark.parametrize("name", ["sekda", "kadis", "camat", "lurah"])
async def test_everybody_can_open_their_first_page(story: Story, sign_in: Sign, name: str) -> None:
    await lived(story)
    browser = await sign_in(story.actor(name))
    for path in ("/hari-ini", "/izin", "/laporan", "/rapat", "/tindak-lanjut", "/pengaturan"):
        assert (await browser.get(path)).status_code == 200, path
