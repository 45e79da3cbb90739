"""Who is signed in, for how long, and how that ends."""

from datetime import timedelta

from pendopo.testing import Story

from tests.tampering import change_rows

from .conftest import Sign, directory, link


async def test_whoever_decides_is_signed_out_after_two_hours_and_others_after_twelve(story: Story, sign_in: Sign) -> None:
    sekda, lurah = await sign_in(story.actor("sekda")), await sign_in(story.actor("lurah"))
    story.clock.move_to(story.clock.now() + timedelta(hours=2, minutes=1))
    assert (await sekda.get("/hari-ini")).status_code == 303
    assert (await lurah.get("/hari-ini")).status_code == 200
    story.clock.move_to(story.clock.now() + timedelta(hours=12, minutes=1))
    assert (await lurah.get("/hari-ini")).status_code == 303


async def test_nobody_is_signed_in_for_more_than_a_week(story: Story, sign_in: Sign) -> None:
    lurah = await sign_in(story.actor("lurah"))
    begun = story.clock.now()
    for _ in range(18):
        story.clock.move_to(story.clock.now() + timedelta(hours=11))
        last = (await lurah.get("/hari-ini")).status_code
        assert last == (200 if story.clock.now() <= begun + timedelta(days=7) else 303)
    assert last == 303


async def test_whoever_loses_a_post_is_signed_out_at_once(story: Story, sign_in: Sign) -> None:
    camat = await sign_in(story.actor("camat"))
    await change_rows(story.app.database, "holding", {"post": "camat"}, until=1)
    await story.app.core.directory.load(story.clock.now())
    assert (await camat.get("/hari-ini")).status_code == 303


async def test_signing_out_everywhere_ends_every_session(story: Story, sign_in: Sign) -> None:
    sekda = story.actor("sekda")
    phone, computer, other = await sign_in(sekda), await sign_in(sekda), await sign_in(story.actor("lurah"))
    await sekda.says("/keluar semua")
    assert [(await b.get("/hari-ini")).status_code for b in (phone, computer, other)] == [303, 303, 200]


async def test_one_device_can_be_ended_from_another(story: Story, sign_in: Sign) -> None:
    sekda = story.actor("sekda")
    phone, computer = await sign_in(sekda), await sign_in(sekda)
    await computer.get("/pengaturan")
    assert computer.words.count("Chrome, Windows") == 2
    await computer.post("/pengaturan/akhiri", **computer.fields("Akhiri"))
    assert (await phone.get("/hari-ini")).status_code == 303
    assert (await computer.get("/hari-ini")).status_code == 200
    await computer.post("/keluar")
    assert (await computer.get("/hari-ini")).status_code == 303


async def test_nobody_ends_the_session_of_somebody_else(story: Story, sign_in: Sign) -> None:
    sekda, lurah = await sign_in(story.actor("sekda")), await sign_in(story.actor("lurah"))
    for hash_ in [row.hash for row in await story.stored.list_table("web_session")]:
        if (await lurah.get("/hari-ini")).status_code == 200:
            await lurah.post("/pengaturan/akhiri", sesi=hash_)
    assert (await sekda.get("/hari-ini")).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_bound_to_https(story: Story) -> None:
    from pendopo.config import Settings, WebSettings
    from pendopo.web import build_web_app
    from pendopo_akun import plugin

    settings = Settings(web=WebSettings(public_url="https://kota.example"))
    async with Story([plugin], settings=settings, directory=directory()) as safe:
        import httpx

        app = build_web_app(safe.app, dashboard=safe.app)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://kota.example") as client:
            answer = await client.post(await link(safe.actor("sekda")), headers={"sec-fetch-site": "same-origin"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-sid=")
    assert all(word in cookie for word in ("httponly", "secure", "samesite=lax", "path=/"))
