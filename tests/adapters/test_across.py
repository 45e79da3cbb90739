"""One person on several messengers: a story that goes from one to the next, and news that take the way that works."""

import re
from pathlib import Path

from pendopo.engine.operations import personal_data
from pendopo.store.queries.accounts import list_unconfirmed
from pendopo_akun import plugin as akun
from pendopo_izin import plugin as izin
from pendopo_izin.models import Izin

from .town import DIRECTORY, RINA_PHONE, RINA_TELEGRAM, SEKDA, SEKDA_TELEGRAM, Town, open_town
from .whatsapp_cloud.people import Person


async def asked_in_the_group(told: Town, text: str = "/izin menghadiri rakor Bappenas besok jam 9 di Jakarta") -> None:
    """Rina asks behind the gateway, and sends her draft by its number."""
    await told.group(RINA_PHONE, text)
    draft = told.in_group()[-1]
    assert "1. Kirim" in draft.text
    await told.group(RINA_PHONE, "1", to=draft)


async def test_asked_in_a_waha_group_by_number_decided_on_cloud_by_button_told_on_telegram(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.telegram(RINA_TELEGRAM, "/izin saya")
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        await asked_in_the_group(told)
        asked = told.on_phone(SEKDA)[-1]
        assert "Kadis PU meminta izin" in asked.words
        assert list(asked.buttons) == ["Setujui", "Tolak…", "Tanya…"]
        await told.cloud(told.on_cloud.touches(SEKDA, asked.wamid, "Setujui"))
        assert "disetujui Sekda" in told.in_telegram(RINA_TELEGRAM)[-1]
        assert "isetujui" in told.in_group()[0].text  # the card in the group changed in place
        assert {row.state for row in await told.stored.list_deliveries()} == {"sent"}
        assert {row.state for row in await told.stored.list_inbox()} == {"done"}


async def test_who_has_not_written_for_a_day_is_told_on_the_other_messenger_and_decides_there(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.telegram(SEKDA_TELEGRAM, "/izin saya")
        await told.passes(minutes=5)
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        answered = len(told.on_phone(SEKDA))
        await told.passes(hours=25)
        await asked_in_the_group(told)
        assert len(told.on_phone(SEKDA)) == answered
        assert "Kadis PU meminta izin" in told.in_telegram(SEKDA_TELEGRAM)[-1]
        await told.on_telegram.touches(SEKDA_TELEGRAM, SEKDA_TELEGRAM, newest(told, SEKDA_TELEGRAM), "Setujui")
        await told.passes()
        assert "isetujui" in told.in_telegram(SEKDA_TELEGRAM)[-1]
        assert "isetujui" in told.in_group()[0].text


async def test_what_waits_for_the_window_is_shown_and_comes_where_the_person_appears(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        await told.passes(hours=25)
        await asked_in_the_group(told)
        assert any("ditahan" in bubble.text and "Bambang" in bubble.text for bubble in told.in_group())
        assert (await told.app.readiness())["outbox"]["waiting_for_window"] == 1
        await told.telegram(SEKDA_TELEGRAM, "/izin saya")
        assert any("Kadis PU meminta izin" in text for text in told.in_telegram(SEKDA_TELEGRAM))
        assert (await told.app.readiness())["outbox"]["waiting_for_window"] == 0
        await told.on_telegram.touches(SEKDA_TELEGRAM, SEKDA_TELEGRAM, newest(told, SEKDA_TELEGRAM), "Setujui")
        await told.passes()
        assert "isetujui" in told.in_group()[0].text


async def test_what_is_held_for_somebody_who_never_wrote_comes_where_they_write_first(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        telegram = told.app.adapters["telegram"]
        telegram.private_chat = lambda account: None  # who never wrote cannot be written to there
        await asked_in_the_group(told)
        assert any("ditahan" in bubble.text and "Bambang" in bubble.text for bubble in told.in_group())
        await told.telegram(SEKDA_TELEGRAM, "/izin saya")
        assert any("Kadis PU meminta izin" in text for text in told.in_telegram(SEKDA_TELEGRAM))


async def test_a_message_that_turns_out_undeliverable_takes_the_other_way(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.telegram(SEKDA_TELEGRAM, "/izin saya")
        await told.passes(minutes=5)
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        await asked_in_the_group(told)
        lost = told.on_phone(SEKDA)[-1]
        await told.cloud(told.graph.status(lost, "failed", code=131026))
        assert "Kadis PU meminta izin" in told.in_telegram(SEKDA_TELEGRAM)[-1]
        await told.cloud(told.graph.status(lost, "sent"))  # stale, and out of order
        assert {row.state for row in await told.stored.list_deliveries()} == {"sent"}


async def test_a_change_that_cannot_be_told_in_its_chat_is_told_in_another(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.telegram(SEKDA_TELEGRAM, "/izin saya")
        await told.passes(minutes=5)
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        await asked_in_the_group(told, "/izin rakor 20 Agustus jam 9")
        assert "Kadis PU meminta izin" in told.on_phone(SEKDA)[-1].words
        await told.passes(hours=25)
        seen = len(told.on_phone(SEKDA))
        await told.group(RINA_PHONE, "/izin batal 1")
        assert "itarik" in told.in_telegram(SEKDA_TELEGRAM)[-1]
        assert len(told.on_phone(SEKDA)) == seen


async def test_a_changed_number_decides_nothing_before_a_code_from_the_other_messenger_confirms_it(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin, akun]) as told:
        moved = Person("6281299999999", "ID.999", "Bambang")
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        await asked_in_the_group(told)
        asked = told.on_phone(SEKDA)[-1]
        change = {"type": "user_changed_number", "wa_id": moved.phone, "user_id": moved.user, "body": "changed"}
        await told.cloud(told.on_cloud.value(SEKDA, "system", change, drop=("contacts",)))
        assert (await told.app.readiness())["unconfirmed_accounts"] == 4
        for who in (moved, SEKDA):  # the old number may be somebody else's by now
            await told.cloud(told.on_cloud.touches(who, asked.wamid, "Setujui"))
            assert [asked.status for asked in await told.stored.list_rows(Izin)] == ["diajukan"]
            await told.cloud(told.on_cloud.says(who, "/izin tunggu"))
            assert "berganti" in told.on_phone(who)[-1].words
        await told.cloud(told.on_cloud.says(moved, "/akun"))
        assert "/akun tautkan" in told.on_phone(moved)[-1].words
        await told.telegram(SEKDA_TELEGRAM, "/akun tautkan")
        code = re.findall(r"[A-Z2-9]{8}", told.in_telegram(SEKDA_TELEGRAM)[-1])[0]
        await told.cloud(told.on_cloud.says(moved, f"/akun kode {code}"))
        await told.cloud(told.on_cloud.touches(moved, asked.wamid, "Setujui"))
        assert [asked.status for asked in await told.stored.list_rows(Izin)] == ["disetujui"]
        await told.cloud(told.on_cloud.says(SEKDA, "/izin tunggu"))
        assert "berganti" in told.on_phone(SEKDA)[-1].words
        assert await told.stored.list_audit_lines("account.changed")


async def test_a_number_that_was_given_to_a_stranger_acts_for_nobody_and_everybody_hears_of_it(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin, akun]) as told:
        stranger = Person(SEKDA.phone, "ID.777", "Orang Baru")
        await told.telegram(SEKDA_TELEGRAM, "/izin saya")
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        await asked_in_the_group(told)
        asked = told.on_phone(SEKDA)[-1]
        await told.cloud(told.on_cloud.touches(stranger, asked.wamid, "Setujui"))
        assert [asked.status for asked in await told.stored.list_rows(Izin)] == ["diajukan"]
        assert "perlu dikonfirmasi" in told.in_telegram(SEKDA_TELEGRAM)[-1]
        assert (await told.app.readiness())["unconfirmed_accounts"] == 2
        await told.cloud(told.on_cloud.says(stranger, "/izin tunggu"))
        assert "berganti" in told.on_phone(stranger)[-1].words
        seen = len(told.on_phone(stranger))
        await asked_in_the_group(told, "/izin rakor lain lusa jam 9 di Jakarta")
        assert len(told.on_phone(stranger)) == seen  # nothing private goes to that number
        assert any("Kadis PU meminta izin" in text for text in told.in_telegram(SEKDA_TELEGRAM)), told.in_telegram(
            SEKDA_TELEGRAM
        )
        assert await told.stored.list_audit_lines("account.contradicted")
        await told.telegram(SEKDA_TELEGRAM, "/akun tautkan")
        code = re.findall(r"[A-Z2-9]{8}", told.in_telegram(SEKDA_TELEGRAM)[-1])[0]
        await told.cloud(told.on_cloud.says(stranger, f"/akun kode {code}"))
        await told.cloud(told.on_cloud.touches(stranger, asked.wamid, "Setujui"))
        assert "disetujui" in [asked.status for asked in await told.stored.list_rows(Izin)]


async def test_who_is_erased_is_erased_under_the_changed_number_too(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        change = {"type": "user_changed_number", "wa_id": "6281299999999", "body": "changed"}
        await told.cloud(told.on_cloud.value(SEKDA, "system", change))
        sekda = told.app.core.people.with_role("sekda", told.clock.now())[0]
        held = await personal_data.export_person(told.app.core, sekda)
        assert "whatsapp:6281299999999" in [row["alias"] for row in held["unconfirmed"]]
        await personal_data.erase_person(told.app.core, sekda)
        assert await list_unconfirmed(told.app.database) == {}
        assert not any(SEKDA.phone in str(row.body) for row in await told.stored.list_inbox())


async def test_a_person_who_stops_showing_a_number_is_still_known_by_the_id_that_came_with_it(tmp_path: Path) -> None:
    async with open_town(tmp_path, [izin]) as told:
        await told.cloud(told.on_cloud.says(SEKDA, "halo"))
        unseen = Person("", SEKDA.user)
        await told.cloud(told.on_cloud.says(unseen, "/izin tunggu"))
        assert "belum terdaftar" not in told.graph.to(SEKDA.user)[-1].words
        # It is worth as much as the number it came with: without that one in the directory it opens nothing.
        without = DIRECTORY.replace(f'"whatsapp:{SEKDA.phone}", ', "")
        (tmp_path / "directory.toml").write_text(without, encoding="utf-8")
        await told.app.core.directory.import_file(tmp_path / "directory.toml", told.clock.now())
        await told.cloud(told.on_cloud.says(unseen, "/izin tunggu"))
        assert "belum terdaftar" in told.graph.to(SEKDA.user)[-1].words


def newest(told: Town, user: int) -> int:
    """The newest message of the bot with something to touch in a chat on Telegram."""
    return max(post.id for post in told.api.state.rooms[user].posts.values() if post.buttons)
