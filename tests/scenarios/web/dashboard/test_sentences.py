"""The pages for inspectors and administrators speak in sentences; what they were made of stands behind a fold."""

import re

from pendopo.testing import Story

from tests.web.dashboard.conftest import Sign


async def lived(story: Story) -> None:
    kadis = story.actor("kadis")
    await kadis.says("/izin 20 Agustus jam 9 studi banding")
    await kadis.presses("Kirim")


async def test_the_audit_log_is_read_in_words_and_its_raw_line_is_behind_a_fold(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    page = (await browser.get("/audit")).text
    folded = re.findall(r"<details>.*?</details>", page, re.DOTALL)
    assert any("izin.ajukan izin/1 {" in re.sub("&#34;|&quot;", '"', fold) for fold in folded)
    shown = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert "{&#34;" not in shown
    assert "mengajukan izin" in shown
    assert '<a href="/izin/1">Izin #1</a>' in shown
    assert "peramban: Chrome" in shown
    assert "izin.ajukan" not in shown


async def test_no_line_of_the_audit_log_bears_a_name_of_the_code(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    page = re.sub(r"<details>.*?</details>", "", (await browser.get("/audit")).text, flags=re.DOTALL)
    actions = re.findall(r'data-head="Tindakan"[^>]*>([^<]*)<', page)
    assert actions
    assert [action for action in actions if "." in action or "_" in action] == []


async def test_a_download_of_the_audit_log_has_words_only(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("sekda"))
    file = (await browser.get("/audit?unduh=audit.csv")).text
    assert "Izin #1" in file
    assert "<details>" not in file


async def test_operations_name_jobs_the_version_and_the_disk_in_words(story: Story, sign_in: Sign) -> None:
    await lived(story)
    browser = await sign_in(story.actor("admin"))
    page = (await browser.get("/operasi")).text
    assert re.search(r"Versi\s+\S+ .*GB bebas dari", browser.words)
    shown = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert "izin.ingat" not in shown
    assert "pendopo." not in shown.partition("Rencana terdekat")[2]
    assert "<code>izin.ingat</code>" in page


async def test_a_search_of_posts_says_how_many_match(story: Story, sign_in: Sign) -> None:
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/orang")
    assert "6 jabatan, 6 orang" in browser.words
    await browser.get("/orang?cari=camat")
    assert "1 jabatan cocok" in browser.words
    assert "6 jabatan" not in browser.words


async def test_the_level_of_a_report_is_a_word(story: Story, sign_in: Sign) -> None:
    await story.actor("lurah").says("/laporan banjir setinggi 80 cm di Kel. Dago, warga terjebak")
    browser = await sign_in(story.actor("sekda"))
    await browser.get("/laporan/1")
    assert re.search(r"Tingkat\s+(❗ Penting|🚨 Darurat)", browser.words)


async def test_a_late_followup_is_red(story: Story, sign_in: Sign) -> None:
    sekda = story.actor("sekda")
    await sekda.says("/rapat Evaluasi banjir hari ini jam 11 di sini undang Kadis PU", group=True)
    await sekda.presses("Undang", group=True)
    await story.advance(minutes=41)
    await sekda.says("/rapat mulai 1", group=True)
    await sekda.says("/tl Ganti pompa @Kadis PU 14 Agustus", group=True)
    browser = await sign_in(sekda)
    assert "badge bad" not in (await browser.get("/tindak-lanjut")).text
    await story.advance(days=4)
    browser = await sign_in(sekda)
    for path in ("/tindak-lanjut", "/tindak-lanjut/1"):
        assert '<span class="badge bad">' in (await browser.get(path)).text, path


async def test_a_column_shows_five_cards_and_folds_the_others(story: Story, sign_in: Sign) -> None:
    for day in range(17, 24):
        await story.actor("kadis").says(f"/izin {day} Agustus jam 9 rapat koordinasi")
        await story.actor("kadis").presses("Kirim")
    browser = await sign_in(story.actor("sekda"))
    page = (await browser.get("/izin")).text
    column, folded = page.partition('<details class="beneath">')[::2]
    assert column.count('<article class="card">') == 5
    assert folded.partition("</details>")[0].count('<article class="card">') == 2
    assert "2 lagi" in browser.words
