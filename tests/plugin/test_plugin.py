"""What a plugin declares before a bot is given it."""

import importlib
import inspect
from pathlib import Path

import pytest
from pendopo import Button, Context, Item, Plugin, RestOfText, phrase
from pendopo.errors import PluginError
from pendopo.testing import Story


def make_plugin() -> Plugin:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.handle
    async def balas(ctx: Context, nomor: int, catatan: RestOfText = "") -> None:
        """Answer."""

    answer, call = Button("umum.ya", balas, 7, "baik"), balas

    @plugin.command("tombol")
    async def tombol(ctx: Context) -> None:
        await ctx.reply(phrase("umum.pilihan", teks="awal"), buttons=[answer])

    @plugin.command("tanya")
    async def tanya(ctx: Context) -> None:
        await ctx.prompt_for(call, nomor=8, catatan="cukup")

    @plugin.command("nanti")
    async def nanti(ctx: Context) -> None:
        await ctx.schedule(ctx.now, call, 9)

    @plugin.action(policy="known|system")  # type: ignore[no-redef]  # elsewhere in another module
    async def balas(ctx: Context, nomor: int, catatan: RestOfText = "") -> None:
        await ctx.reply(phrase("umum.pilihan", teks=f"balas {nomor} {catatan}"))

    return plugin


async def test_a_button_a_question_and_a_timer_reach_the_handler_through_its_handle() -> None:
    async with Story([make_plugin()]) as story:
        await story.kadis.says("/tombol")
        await story.kadis.presses("ya")
        story.kadis.sees("balas 7 baik")
        await story.kadis.says("/tanya")
        story.kadis.sees("balas 8 cukup")
        await story.kadis.says("/nanti")
        await story.advance(seconds=1)
        story.kadis.sees("balas 9")


async def test_a_route_keeps_the_name_of_its_handler() -> None:
    async with Story([make_plugin()]) as story:
        await story.kadis.says("/tombol")
        assert [button.route for button in await story.stored.list_buttons()] == ["uji.balas"]


@pytest.mark.parametrize("first", ["plugin", "sub.handlers"])
def test_its_folder_is_that_of_its_package_wherever_its_first_handler_is(
    first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / f"pendopo_{first.partition('.')[0]}"
    (package / "locale").mkdir(parents=True)
    (package / "sub").mkdir()
    for name in ("__init__", "plugin", "sub/__init__", "sub/handlers"):
        (package / f"{name}.py").write_text("async def kabar(ctx): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    plugin = Plugin("uji", summary="Under test", policy="known")
    plugin.command("kabar")(importlib.import_module(f"{package.name}.{first}").kabar)
    assert plugin.path == package


async def test_a_handle_is_not_to_be_called() -> None:
    plugin = Plugin("uji", summary="Under test", policy="known")

    @plugin.handle
    async def balas(ctx: Context, nomor: int) -> None:
        """Answer."""

    assert list(inspect.signature(balas).parameters) == ["ctx", "nomor"]
    assert balas.__doc__ == "Answer."
    with pytest.raises(PluginError, match=r"uji\.balas is a handle, for buttons and timers: call the handler itself"):
        await balas(None, 7)  # type: ignore[arg-type]


async def test_an_item_tells_the_name_of_its_job() -> None:
    plugin = Plugin("uji", summary="Under test", policy="known")
    seen: list[str] = []

    @plugin.job()
    async def diteruskan(ctx: Context, nomor: int, orang: int, selesai: bool) -> None: ...

    @plugin.item()
    async def butir(ctx: Context, nomor: int) -> Item:
        return Item(f"uji/{nomor}", phrase("umum.ya"), passed=diteruskan if nomor else None)

    @plugin.command("lihat")
    async def lihat(ctx: Context, nomor: int) -> None:
        seen.extend(item.route.name if item.route else "" for item in await ctx.plugins.find_items(nomor))

    async with Story([plugin]) as story:
        await story.kadis.says("/lihat 5")
        await story.kadis.says("/lihat 0")
    assert seen == ["uji.diteruskan", ""]
