"""Whom a reminder is for: oneself, a person or the group, wherever it stands in the sentence."""

import pytest
from pendopo.testing import Story


@pytest.mark.parametrize(
    "text",
    [
        "/ingatkan Rina Hidayat besok jam 9 kirim data",
        "/ingatkan Kadis PU besok jam 9 kirim data",
        "/ingatkan besok jam 9 kirim data @Kadis PU",
        "/ingatkan besok jam 9 @rina hidayat kirim data",
    ],
)
async def test_a_person_is_named_by_name_or_post(story: Story, text: str) -> None:
    await story.sekda.says(text)
    story.sekda.sees("untuk Kadis PU", "\nKirim data\n")


async def test_a_mention_names_a_person(story: Story) -> None:
    await story.sekda.says("/ingatkan @Bu Rina besok jam 9 kirim data", group=True, mentions={"@Bu Rina": "kadis"})
    story.group.sees("untuk Kadis PU", "\nKirim data\n")


async def test_a_person_in_the_sentence_is_not_whom_it_is_for(story: Story) -> None:
    await story.sekda.says("/ingatkan saya besok jam 9 telepon Kadis PU")
    story.sekda.sees("untuk Anda", "Telepon Kadis PU")
    await story.sekda.says("/ingatkan besok jam 9 telepon Kadis PU")
    story.sekda.sees("untuk Anda", "Telepon Kadis PU", "#2")
    assert story.kadis.messages == []


async def test_a_name_nobody_has_is_never_taken_for_oneself(story: Story) -> None:
    await story.sekda.says("/ingatkan @entahsiapa besok jam 9 kirim data")
    assert "“@entahsiapa” tidak ada dalam direktori" in story.sekda.last.text
    await story.sekda.says("/ingatkan @kadishb besok jam 9 kirim data")
    await story.sekda.presses("Kadishub")
    story.sekda.sees("Pengingat #1 untuk Kadishub", "Kirim data")


@pytest.mark.parametrize(
    ("text", "group", "isi"),
    [
        ("besok jam 9 grup kirim data", True, "Kirim data"),
        ("kirim data grup besok jam 9", True, "Kirim data"),
        ("kirim data ke grup besok jam 9", False, "Kirim data ke grup"),
        ("saya besok jam 9 grup ditutup", False, "Grup ditutup"),
    ],
)
async def test_the_group_may_stand_anywhere_but_not_in_the_sentence(story: Story, text: str, group: bool, isi: str) -> None:
    await story.kadis.says(f"/ingatkan {text}", group=True)
    story.group.sees("untuk grup ini" if group else "untuk Anda", f"\n{isi}\n")


async def test_a_group_is_not_reminded_from_a_private_chat(story: Story) -> None:
    await story.kadis.says("/ingatkan grup besok jam 9 rapat")
    assert "dipasang di grupnya" in story.kadis.last.text
