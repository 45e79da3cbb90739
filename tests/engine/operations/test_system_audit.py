"""What the system itself does is in the audit log too."""

from pathlib import Path

from pendopo import Options, Plugin
from pendopo.config import Secret, Settings
from pendopo.testing import Story
from pendopo_bantuan import plugin as bantuan
from pendopo_izin import plugin as izin


async def lines(story: Story) -> list[tuple[str, str, str]]:
    return [
        (line.action, line.object, line.body) for line in await story.stored.list_audit_lines("sistem") if line.body is not None
    ]


async def test_the_first_start_is_no_change(tmp_path: Path) -> None:
    async with Story([bantuan], database=f"sqlite:///{tmp_path}/x.db") as story:
        assert await lines(story) == []


async def test_a_changed_setting_is_named_and_a_secret_never_shown(tmp_path: Path) -> None:
    def settings(token: str, zone: str) -> Settings:
        return Settings.model_validate({"timezone": zone, "adapters": {"telegram": {"token": token}}})

    url = f"sqlite:///{tmp_path}/x.db"
    async with Story([bantuan], database=url, settings=settings("1:old-secret", "Asia/Jakarta")):
        pass
    async with Story([bantuan], database=url, settings=settings("1:new-secret", "Asia/Makassar")) as story:
        ((action, _, body),) = [line for line in await lines(story) if "timezone" in line[2]]
        assert action == "sistem.konfigurasi"
        assert "adapters.telegram.token" in body
        assert "-secret" not in str(await story.stored.list_table("setting")) + body


class Aturan(Options):
    """What the operator of a map decides."""

    kunci: Secret
    kota: str = "Bandung"


async def test_of_a_plugins_section_what_changed_is_named_and_what_is_secret_never_shown(tmp_path: Path) -> None:
    def settings(kunci: str, kota: str) -> Settings:
        return Settings.model_validate({"plugin": {"peta": {"kunci": kunci, "kota": kota}, "asing": {"sandi": kunci}}})

    url, peta = f"sqlite:///{tmp_path}/x.db", Plugin("peta", summary="", options=Aturan)
    for kunci, kota in (("old-secret", "Bandung"), ("new-secret", "Bandung"), ("new-secret", "Cimahi")):
        async with Story([peta], database=url, settings=settings(kunci, kota)) as story:
            said = [body for action, _, body in await lines(story) if action == "sistem.konfigurasi"]
            assert "-secret" not in str(await story.stored.list_table("setting")) + str(said)
    assert len(said) == 2
    assert "plugin.asing" in said[0]
    assert "plugin.peta.kunci" in said[0]
    assert "kota" not in said[0]
    assert "plugin.peta.kota" in said[1]
    assert "kunci" not in said[1]


async def test_plugins_that_come_and_go_are_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    async with Story([bantuan], database=url):
        pass
    async with Story([izin], database=url) as story:
        assert [line[:2] for line in await lines(story) if "plugin" in line[0]] == [
            ("sistem.plugin_nyala", "plugin/izin"),
            ("sistem.plugin_mati", "plugin/bantuan"),
        ]


async def test_a_clock_that_jumps_is_noted_and_one_that_runs_is_not(tmp_path: Path) -> None:
    async with Story([bantuan], database=f"sqlite:///{tmp_path}/x.db") as story:
        trail = story.app.system_audit
        await trail.check_clock()
        await trail.check_clock()
        assert not [line for line in await lines(story) if line[0] == "sistem.jam"]
        await story.advance(hours=-0, minutes=10)
        await trail.check_clock()
        ((_, _, body),) = [line for line in await lines(story) if line[0] == "sistem.jam"]
        assert "600000" in body or "59999" in body


async def test_a_message_that_reaches_nobody_is_noted(tmp_path: Path) -> None:
    from pendopo.errors import PermanentSendError

    async with Story([bantuan], database=f"sqlite:///{tmp_path}/x.db") as story:
        story.messenger.faults = [PermanentSendError("no")] * 2  # and for the plainer form
        await story.kadis.says("/bantuan")
        ((action, object_, body),) = await lines(story)
        assert (action, object_) == ("sistem.gagal_kirim", "delivery/1")
        assert "PermanentSendError" in body
