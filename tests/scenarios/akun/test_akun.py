"""/akun: one person on several accounts, linked by a code and never by a name or a number."""

import re
from collections.abc import AsyncIterator

import pytest
from pendopo.engine.outbound import reachability
from pendopo.testing import Story
from pendopo_akun import plugin

from tests.tampering import remove_rows


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([plugin]) as told:
        yield told


async def code_of(story: Story) -> str:
    await story.kadis.says("/akun tautkan")
    found = re.search(r"[A-Z2-9]{8}", story.kadis.last.text)
    assert found
    return found[0]


async def test_somebody_is_told_whom_the_bot_takes_them_for(story: Story) -> None:
    await story.kadis.says("/akun")
    story.kadis.sees("Rina Hidayat", "Kadis PU", "memory")
    await story.stranger.says("/akun")
    story.stranger.sees("belum dikenal", "/akun tautkan")


async def test_a_code_links_another_account_and_the_owner_is_told(story: Story) -> None:
    code = await code_of(story)
    await story.stranger.says(f"/akun kode {code.lower()}")
    story.stranger.sees("tersambung dengan Rina Hidayat")
    await story.stranger.says("/akun")
    story.stranger.sees("Anda dikenal sebagai Rina Hidayat")
    # The news goes to where that person was last seen, which is the new account itself or the old one: someone sees it.
    assert any("Akun baru" in shown.text for shown in story.messenger.screen)


async def test_news_go_to_the_account_that_was_just_linked(story: Story) -> None:
    code = await code_of(story)
    await story.advance(seconds=1)
    await story.stranger.says(f"/akun kode {code}")
    rina = story.app.core.people.by_alias(["memory:kadis"])
    assert rina is not None
    chat = await reachability.find_private_chat(story.app.core, rina)
    assert chat is not None
    assert chat.id == story.stranger.name


async def test_a_code_works_once_and_for_ten_minutes_only(story: Story) -> None:
    code = await code_of(story)
    await story.advance(minutes=11)
    await story.stranger.says(f"/akun kode {code}")
    story.stranger.sees("tidak berlaku")
    code = await code_of(story)
    await story.stranger.says("/batal")
    await story.stranger.says(f"/akun kode {code}")
    await story.lurah.says(f"/akun kode {code}")
    story.lurah.sees("tidak berlaku")


async def test_an_account_of_somebody_else_cannot_be_taken_over(story: Story) -> None:
    code = await code_of(story)
    await story.lurah.says(f"/akun kode {code}")
    story.lurah.sees("sudah tersambung dengan Lurah Dago")
    await story.lurah.says("/akun")
    story.lurah.sees("Yuyun Wahyuni")


async def test_no_code_is_shown_or_taken_in_a_group(story: Story) -> None:
    await story.kadis.says("/akun tautkan", group=True)
    story.group.sees("hanya dalam percakapan pribadi")


async def test_a_linked_account_stays_linked_when_the_directory_is_imported_again(story: Story) -> None:
    code = await code_of(story)
    await story.stranger.says(f"/akun kode {code}")
    await remove_rows(story.app.database, "setting")
    await story.app.core.directory.import_file(story.people_file, story.clock.now())
    await story.stranger.says("/akun")
    story.stranger.sees("Anda dikenal sebagai Rina Hidayat")
