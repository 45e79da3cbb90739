"""/laporan on every messenger, over real HTTP: albums, late parts, captions last, photos first, and unsound files."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pendopo.testing.pictures import make_bomb, make_exif, make_jpeg
from pendopo_laporan import plugin as laporan
from pendopo_laporan.models import Foto, Laporan, Lepas

from .town import RINA_PHONE, RINA_TELEGRAM, Town, open_town
from .waha.bench import GROUP
from .waha.fake.server import Bubble
from .whatsapp_cloud.people import Person, Value

RINA = Person(RINA_PHONE, "ID.101", "Rina")
DAGO = (-6.885, 107.6136)
MESSENGERS = ["telegram", "cloud", "waha_group", "waha_private"]


class Phone:
    """Rina's hands on one messenger, and what she sees there."""

    def __init__(self, told: Town, kind: str) -> None:
        self.told, self.kind = told, kind

    async def says(self, text: str) -> None:
        if self.kind == "telegram":
            await self.told.on_telegram.says(RINA_TELEGRAM, RINA_TELEGRAM, text)
        elif self.kind == "cloud":
            await self.told.meta.deliver(self.told.on_cloud.says(RINA, text))
        else:
            self.told.on_waha.says(f"{RINA_PHONE}@c.us", self._chat, text)
        await self.told.passes()

    async def shows(self, photos: Sequence[bytes], text: str = "", album: str = "a", wait: bool = True) -> None:
        """Photos at once, with the text under the last one. The same `album` again is more of it, where messengers say so."""
        if self.kind == "telegram":
            for number, data in enumerate(photos):
                words = text if number == len(photos) - 1 else ""
                await self.told.on_telegram.adds_photo(RINA_TELEGRAM, RINA_TELEGRAM, data, album, words)
        elif self.kind == "cloud":
            last = len(photos) - 1
            values: list[Value] = [self.told.on_cloud.shows(RINA, d, text if n == last else "") for n, d in enumerate(photos)]
            await self.told.meta.deliver(*values)
        else:
            who = f"{RINA_PHONE}@c.us"
            self.told.on_waha.says(who, self._chat, text, files=photos, album=album, under_last=True)
        if wait:
            await self.told.passes()

    async def shares(self, place: tuple[float, float]) -> None:
        if self.kind == "telegram":
            await self.told.on_telegram.says(RINA_TELEGRAM, RINA_TELEGRAM, place=place)
        elif self.kind == "cloud":
            where = {"latitude": place[0], "longitude": place[1]}
            await self.told.meta.deliver(self.told.on_cloud.value(RINA, "location", where))
        else:
            self.told.on_waha.says(f"{RINA_PHONE}@c.us", self._chat, place=place)
        await self.told.passes()

    async def agrees(self) -> None:
        """Touch "Sertakan", or say its number."""
        if self.kind == "telegram":
            room = self.told.api.state.rooms[RINA_TELEGRAM].posts.values()
            asked = max(post.id for post in room if any(button["text"] == "Sertakan" for button in post.buttons))
            await self.told.on_telegram.touches(RINA_TELEGRAM, RINA_TELEGRAM, asked, "Sertakan")
        elif self.kind == "cloud":
            asked_here = [sent for sent in self.told.on_phone(RINA) if "Sertakan" in sent.buttons]
            await self.told.meta.deliver(self.told.on_cloud.touches(RINA, asked_here[-1].wamid, "Sertakan"))
        else:
            bubble = [each for each in self._bubbles if "1. Sertakan" in each.text][-1]
            self.told.on_waha.says(f"{RINA_PHONE}@c.us", self._chat, "1", reply_to=bubble.id)
        await self.told.passes()

    def screen(self) -> str:
        """All the bot said here."""
        if self.kind == "telegram":
            return "\n".join(self.told.in_telegram(RINA_TELEGRAM))
        if self.kind == "cloud":
            return "\n".join(sent.words for sent in self.told.on_phone(RINA))
        return "\n".join(each.text for each in self._bubbles)

    @property
    def _chat(self) -> str:
        return GROUP if self.kind == "waha_group" else f"{RINA_PHONE}@c.us"

    @property
    def _bubbles(self) -> list[Bubble]:
        return [each for each in self.told.waha.chats.get(self._chat, []) if each.mine]


async def photos(told: Town) -> list[tuple[int, str]]:
    return [(foto.laporan, foto.status) for foto in await told.stored.list_rows(Foto)]


def blobs(told: Town) -> list[Path]:
    folder = Path(told.app.settings.data_dir)
    return [path for shelf in ("blobs", "arrivals") for path in (folder / shelf).rglob("*") if path.is_file()]


KEPT = "tersimpan"


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_an_album_with_its_caption_last_is_one_report(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        await phone.shows([make_jpeg(n) for n in range(4)], "/laporan banjir setinggi 40 cm")
        assert "#1" in phone.screen()
        assert "4 foto" in phone.screen()
        assert await photos(told) == [(1, KEPT)] * 4


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_photos_first_then_words_are_joined_after_asking(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        await phone.shows([make_jpeg(1), make_jpeg(2)])
        await told.passes(minutes=3)
        await phone.says("/laporan kerja bakti RW 03")
        assert "Sertakan pada #1" in phone.screen()
        assert await photos(told) == []
        await phone.agrees()
        assert await photos(told) == [(1, KEPT)] * 2


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_words_first_then_photos_are_joined_after_asking_only_in_groups(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        await phone.says("/laporan jalan rusak di Jl. Juanda")
        await phone.shows([make_jpeg(1), make_jpeg(2)])
        if kind == "waha_group":
            await phone.agrees()
        assert await photos(told) == [(1, KEPT)] * 2
        assert "Disertakan pada laporan #1" in phone.screen()


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_a_part_that_comes_late_belongs_to_its_album(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        await phone.shows([make_jpeg(1), make_jpeg(2)], "/laporan banjir")
        await told.passes(seconds=40)
        await phone.shows([make_jpeg(3)])
        if kind == "cloud":  # which says nothing of albums
            await phone.agrees()
        assert await photos(told) == [(1, KEPT)] * 3
        assert len(await told.stored.list_rows(Laporan)) == 1


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_a_caption_that_comes_late_makes_the_album_a_report(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        await phone.shows([make_jpeg(1), make_jpeg(2)])
        await told.passes(seconds=40)
        await phone.shows([make_jpeg(3)], "/laporan banjir")
        if kind == "cloud":
            await phone.agrees()
        assert sorted(await photos(told)) == [(1, KEPT)] * 3
        assert await told.stored.list_rows(Lepas) == []


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_a_guided_report_takes_a_shared_place(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        if kind == "waha_group":
            await phone.says("/laporan banjir")  # in a group an answer quotes its question; a place cannot
        else:
            await phone.says("/laporan")
            assert "Apa yang terjadi?" in phone.screen()
            await phone.says("banjir setinggi 40 cm")
        await phone.shares(DAGO)
        (kept,) = await told.stored.list_rows(Laporan)
        assert (kept.sumber, round(kept.lintang or 0, 4)) == ("pin", -6.885)


@pytest.mark.parametrize("kind", MESSENGERS)
async def test_what_a_camera_noted_reaches_the_record_and_no_screen(tmp_path: Path, kind: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        original = make_jpeg(1, exif=make_exif(DAGO, "2026:08:12 09:30:00"))
        await phone.shows([original], "/laporan banjir", album="")
        await phone.says("/galeri 1")
        assert [round(foto.lintang or 0, 4) for foto in await told.stored.list_rows(Foto)] == [-6.885]
        sent = files_sent(told, kind)
        assert sent
        for data in sent:
            assert data[:2] == b"\xff\xd8"
            assert len(data) <= 100_000
            assert b"Exif" not in data
            assert data != original


def files_sent(told: Town, kind: str) -> list[bytes]:
    """Every picture the bot sent."""
    if kind == "telegram":
        posts = told.api.state.rooms[RINA_TELEGRAM].posts.values()
        return [post.file.data for post in posts if post.by == 7000000001 and post.file]
    if kind == "cloud":
        return [file.data for file in told.graph.media.values() if file.data[:2] == b"\xff\xd8" and b"Exif" not in file.data]
    return [each.file for bubbles in told.waha.chats.values() for each in bubbles if each.mine and each.file]


@pytest.mark.parametrize("kind", MESSENGERS)
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (make_jpeg(1)[:4000], "rusak"),
        (b"%PDF-1.7 halo", "bukan foto"),
        (make_jpeg(1) + b"<script>1</script>", "disembunyikan"),
        (b"\x00" * 2000, "rusak"),
        (make_jpeg(1) + bytes(20_000_000), "paling besar 20 MB"),
        (make_bomb(60_000), "pikselnya terlalu banyak"),
    ],
    ids=["truncated", "mistyped", "polyglot", "corrupt", "oversized", "bomb"],
)
async def test_an_unsound_file_is_told_of_and_leaves_nothing(tmp_path: Path, kind: str, bad: bytes, why: str) -> None:
    async with open_town(tmp_path, [laporan]) as told:
        phone = Phone(told, kind)
        await phone.shows([bad], "/laporan banjir", album="")
        await told.passes(hours=2)
        everywhere = (
            phone.screen() + "\n".join(told.in_telegram(RINA_TELEGRAM)) + "\n".join(s.words for s in told.on_phone(RINA))
        )
        everywhere += "\n".join(each.text for each in told.waha.chats.get(f"{RINA_PHONE}@c.us", []) if each.mine)
        assert "#1" in everywhere
        assert "tidak disimpan" in everywhere
        assert why in everywhere or (why.startswith("paling") and "belum dapat diambil" in everywhere)
        assert [path for path in blobs(told) if path.parent.parent.name == "blobs" or path.name.startswith(".part")] == []
