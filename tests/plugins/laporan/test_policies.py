"""Who may do what with a report."""

import pytest
from pendopo.testing import Story
from pendopo_laporan.models import Jejak, Laporan

from tests.tampering import add_rows, change_rows

from .readers import list_states, report_flood


@pytest.mark.parametrize("who", ["kadis", "kadishub", "lurah"])
async def test_only_who_has_it_and_who_is_above_handle_it(tale: Story, who: str) -> None:
    await report_flood(tale)
    await getattr(tale, who).says("/laporan proses 1")
    assert await list_states(tale) == ["menunggu"]
    getattr(tale, who).sees("ditangani Camat Coblong")


async def test_only_the_reporter_rates_and_opens(tale: Story) -> None:
    await report_flood(tale)
    await tale.camat.says("/laporan tutup 1 tanpa foto karena sudah malam")
    for text in ("/laporan nilai 1 1", "/laporan buka 1 karena iseng"):
        await tale.camat.says(text)
        assert await list_states(tale) == ["selesai"]
    await tale.lurah.says("/laporan nilai 1 7")
    tale.lurah.sees("Nilai dari 1 sampai 5")


async def test_a_plh_acts_for_who_is_away_and_it_is_written_so(tale: Story) -> None:
    await report_flood(tale)
    people = tale.app.core.people
    kadishub = people.named_in("Kadishub")[0]
    assert kadishub is not None
    mandate = {"kind": "plh", "post": "camat", "person": kadishub.id, "since": 0, "until": 0, "basis": "SP/1", "may": "[]"}
    await add_rows(tale.app.database, "mandate", [mandate])
    await tale.app.core.directory.load(tale.clock.now())
    await tale.kadishub.says("/laporan proses 1")
    assert await list_states(tale) == ["proses"]
    assert "Plh. Camat Coblong" in [row.kapasitas for row in await tale.stored.list_rows(Jejak)]
    assert "Plh. Camat Coblong" in [line.capacity for line in await tale.stored.list_audit_lines("laporan.proses")]


async def test_nobody_rates_what_they_handled_themselves(tale: Story) -> None:
    await report_flood(tale)
    lurah = (await tale.stored.list_rows(Laporan))[0].pelapor
    await change_rows(tale.app.database, "laporan", {"id": 1}, pemegang=lurah)
    await tale.lurah.says("/laporan nilai 1 5")
    tale.lurah.sees("Laporan #1 Anda tangani sendiri")
    assert [row.nilai for row in await tale.stored.list_rows(Laporan)] == [0]
