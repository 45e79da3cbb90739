"""Every page, as people of several posts see it: what is theirs is there, what is not is not, and words stay words."""

import re

from pendopo.testing import Story
from pendopo_rapat.models.followups import TindakLanjut

from tests.tampering import change_rows
from tests.web.dashboard.city import EVIL, lived
from tests.web.dashboard.conftest import Browser, Sign

PAGES = [
    "/hari-ini",
    "/izin",
    "/izin/rekap",
    "/laporan",
    "/laporan/galeri",
    "/rapat",
    "/tindak-lanjut",
    "/orang",
    "/pengaturan",
]
ONE = ["/izin/1", "/izin/2", "/laporan/1", "/rapat/1", "/tindak-lanjut/1", "/orang/1"]


async def test_every_page_opens_and_every_link_on_it_leads_somewhere(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    seen: set[str] = set()
    waiting = [*PAGES, *ONE, "/audit", "/pengaturan"]
    while waiting:
        path = waiting.pop()
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        for link in re.findall(r'href="(/[^"]*|\?[^"]*)"', answer.text):
            full = link.replace("&amp;", "&")
            full = path.partition("?")[0] + full if full.startswith("?") else full
            if full not in seen and full not in waiting and len(seen) < 120 and not full.startswith("/static"):
                waiting.append(full)
    assert len(seen) > 60


async def test_words_of_people_stay_words_everywhere(story: Story, sign_in: Sign) -> None:
    await lived(story, EVIL)
    browser = await sign_in(story.actor("sekda"))
    shown = 0
    for path in [*PAGES, *ONE, "/audit", "/pengaturan"]:
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        assert "<img src=x" not in answer.text
        assert "<script>alert" not in answer.text
        assert 'x onerror=alert(1)>"' not in answer.text.replace("&gt;", "")
        shown += "&lt;img src=x" in answer.text
    assert shown >= 6


async def test_an_izin_is_decided_on_the_page_by_whom_it_waits_for(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/hari-ini")
    assert "Izin #1 Kadis PU" in browser.words
    await browser.press("Setujui")
    story.actor("kadis").sees("Disetujui")
    await browser.get("/izin/1")
    assert "disetujui" in browser.words
    assert "Setujui" not in browser.words


async def test_nobody_sees_an_izin_that_is_not_theirs_to_see(story: Story, sign_in: Sign) -> None:
    await lived(story)
    lurah = await sign_in(story.actor("lurah"))
    await lurah.get("/izin")
    assert "provinsi" not in lurah.words
    assert "Camat Coblong" in lurah.words  # is away, which everybody may know
    assert (await lurah.get("/izin/1")).status_code == 403
    assert "provinsi" not in lurah.words


async def test_an_illness_is_nobodys_business(story: Story, sign_in: Sign) -> None:
    lurah = story.actor("lurah")
    await lurah.says("/izin hari ini sakit gigi")
    await lurah.presses("Kirim")
    browser = await sign_in(story.actor("kadis"))
    await browser.get("/izin")
    assert "gigi" not in browser.words


async def test_a_secret_report_is_on_no_page_of_others(story: Story, sign_in: Sign) -> None:
    await story.actor("lurah").says("/laporan rahasia pungutan liar di Kel. Dago")
    kadis, sekda = await sign_in(story.actor("kadis")), await sign_in(story.actor("sekda"))
    for path in ("/laporan", "/laporan/galeri", "/hari-ini"):
        await kadis.get(path)
        assert "pungutan" not in kadis.words.lower()
    assert (await kadis.get("/laporan/1")).status_code == 403
    await sekda.get("/laporan/1")
    assert "pungutan" in sekda.words.lower()
    assert [line.messenger for line in await story.stored.list_audit_lines("laporan.lihat_rahasia")] == ["web"]


async def pictures(browser: Browser, path: str) -> list[str]:
    answer = await browser.get(path)
    return re.findall(r'<img src="(/berkas/[^"]+)"', answer.text)


async def test_photos_are_shown_to_whom_the_page_shows_them_and_to_nobody_else(story: Story, sign_in: Sign) -> None:
    await lived(story)
    sekda, lurah = await sign_in(story.actor("sekda")), await sign_in(story.actor("lurah"))
    found = await pictures(sekda, "/laporan/1")
    assert len(found) >= 2
    for path in found:
        answer = await sekda.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("image/")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (await lurah.get(path)).status_code == 404
        assert (await sekda.get(path[:-3] + "xyz")).status_code == 404


async def test_a_file_is_shown_only_while_its_page_still_shows_it(story: Story, sign_in: Sign) -> None:
    await lived(story)
    kadis = await sign_in(story.actor("kadis"))
    kept = await pictures(kadis, "/laporan/1")
    assert [(await kadis.get(path)).headers["cache-control"] for path in kept] == ["no-store"] * len(kept)
    assert kept
    await change_rows(story.app.database, "laporan", {"id": 1}, rahasia=True)
    assert [(await kadis.get(path)).status_code for path in kept] == [403] * len(kept)


async def test_figures_count_only_what_their_reader_may_see(story: Story, sign_in: Sign) -> None:
    await lived(story)
    kadis = await sign_in(story.actor("kadis"))
    await kadis.get("/hari-ini")
    before = re.findall(r"\d+ laporan terbuka|laporan terbuka\W*\d+|\d+\W*laporan terbuka", kadis.words.lower())
    await story.lurah.says("/laporan rahasia pungli di pasar")
    await story.advance(seconds=5)
    await kadis.get("/hari-ini")
    assert re.findall(r"\d+ laporan terbuka|laporan terbuka\W*\d+|\d+\W*laporan terbuka", kadis.words.lower()) == before


async def test_signing_out_takes_away_what_the_browser_kept(story: Story, sign_in: Sign) -> None:
    kadis = await sign_in(story.actor("kadis"))
    answer = await kadis.post("/keluar")
    assert answer.headers["clear-site-data"] == '"cache"'


async def test_before_and_after_stand_beside_each_other(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/laporan/1")
    assert "Sebelum" in browser.words
    assert "Sesudah" in browser.words
    answer = await browser.get("/laporan/galeri")
    assert answer.text.count('class="pair"') == 1


async def test_filters_choose_which_rows_a_page_shows(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/laporan?kecamatan=Coblong&jenis=banjir")
    assert "Jl. Dago" in browser.words
    assert "jalan rusak di Kel" not in browser.words
    await browser.get("/laporan?bulan=2026-07")
    assert "Jl. Dago" not in browser.words
    assert (await browser.get("/laporan?bulan=banyak&kecamatan='--&lanjut=x")).status_code == 200


async def test_a_meeting_shows_what_was_decided_what_follows_and_its_minutes(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/rapat")
    assert "Evaluasi banjir" in browser.words
    await browser.get("/rapat/1")
    for words in ("Pompa diganti bulan ini", "Ganti pompa", "Notulen versi 1", "tiga pompa rusak", "hadir"):
        assert words in browser.words
    lurah = await sign_in(story.actor("lurah"))
    await lurah.get("/rapat")
    assert "Evaluasi banjir" not in lurah.words
    assert (await lurah.get("/rapat/1")).status_code == 403


async def test_a_follow_up_is_finished_on_the_page(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("kadis"))
    await browser.get("/tindak-lanjut")
    assert "Ganti pompa" in browser.words
    await browser.press("Dikerjakan")
    assert [row.status for row in await story.stored.list_rows(TindakLanjut)] == ["proses"]


async def test_operations_show_what_failed_and_an_administrator_tries_it_again(story: Story, sign_in: Sign) -> None:
    admin = await sign_in(story.actor("admin"))
    await admin.get("/operasi")
    assert "memory" in admin.words
    assert "Semua berjalan" in admin.words
