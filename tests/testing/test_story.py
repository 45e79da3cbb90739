"""The test kit itself: it shows what people see, and says what is there when somebody looks for something else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pendopo import Context, Plugin, UserError, phrase
from pendopo.errors import PluginError
from pendopo.testing import Story


async def test_nobody_else_is_in_the_story(story: Story) -> None:
    with pytest.raises(AttributeError):
        _ = story.bupati


async def test_the_bot_is_there_from_begin_to_end(story: Story) -> None:
    await story.stop()
    with pytest.raises(RuntimeError, match="the bot of this story is not running"):
        _ = story.app
    await story.start()
    assert story.app.broken == {}


async def test_the_clock_stands_still_until_it_is_moved(story: Story) -> None:
    before = story.clock.now()
    await story.kadis.says("/izin rakor besok jam 9")
    assert story.clock.now() == before
    await story.advance(hours=1)
    assert (story.clock.now() - before).total_seconds() == 3600


async def test_without_a_file_a_restart_forgets_everything(story: Story) -> None:
    await story.kadis.says("/izin rakor besok jam 9")
    await story.restart()
    await story.kadis.says("/izin saya")
    story.kadis.sees("belum pernah")


def make_faulty(fault: Callable[[Context], object], folder: Path | None = None) -> Plugin:
    plugin = Plugin("rusak", summary="Under test", policy="known", path=folder)
    runs: list[int] = []

    @plugin.command("coba")
    async def coba(ctx: Context) -> None:
        runs.append(1)
        fault(ctx)
        await ctx.reply(phrase("umum.pilihan", teks=f"selesai pada percobaan {len(runs)}"))

    @plugin.command("dijaga", policy="aturan")
    async def dijaga(ctx: Context) -> None:
        await ctx.reply("umum.ya")

    @plugin.policy("aturan")
    async def aturan(ctx: Context) -> bool:
        fault(ctx)
        return True

    return plugin


@pytest.mark.parametrize("command", ["/coba", "/dijaga"])
@pytest.mark.parametrize("mistake", [TypeError("satu"), KeyError("dua"), RuntimeError("tiga"), TimeoutError("empat")])
async def test_what_a_plugin_raises_is_raised_in_the_test(command: str, mistake: Exception) -> None:
    def fail(ctx: Context) -> None:
        raise mistake

    with pytest.raises(type(mistake), match=str(mistake.args[0])) as raised:
        async with Story([make_faulty(fail)]) as story:
            await story.kadis.says(command)
    assert any(entry.name == "fail" for entry in raised.traceback)


async def test_a_refusal_for_people_is_no_failure() -> None:
    def refuse(ctx: Context) -> None:
        raise UserError("umum.tidak_ada", nomor=5)

    async with Story([make_faulty(refuse)]) as story:
        await story.kadis.says("/coba")
        story.kadis.sees("Nomor 5 tidak ditemukan")
        assert story.failures == []


@pytest.mark.parametrize(
    ("mistake", "tries"), [(TypeError, 1), (AttributeError, 1), (ZeroDivisionError, 1), (RuntimeError, 3), (OSError, 3)]
)
async def test_a_mistake_in_the_code_is_tried_once_and_what_may_go_away_three_times(
    mistake: type[Exception], tries: int
) -> None:
    def fail(ctx: Context) -> None:
        raise mistake("x")

    async with Story([make_faulty(fail)], raises=False) as story:
        await story.kadis.says("/coba")
        await story.advance(seconds=10)
        assert [type(failure) for failure in story.failures] == [mistake] * tries
        story.kadis.sees("sudah dicatat dengan kode")


async def test_a_failure_that_a_test_expects_does_not_come_again() -> None:
    def fail(ctx: Context) -> None:
        raise TypeError("x")

    async with Story([make_faulty(fail)]) as story:
        with pytest.raises(TypeError):
            await story.kadis.says("/coba")
        await story.kadis.says("/bukan_perintah")
        await story.advance(seconds=10)


async def test_a_plugin_that_cannot_be_used_is_refused() -> None:
    plugin = Plugin("rusak", summary="Under test")

    @plugin.command("coba")
    async def coba(ctx: Context) -> None: ...

    with pytest.raises(PluginError, match=r"rusak\.coba has no policy"):
        async with Story([plugin]):
            pass
    async with Story([plugin], raises=False) as story:
        assert "rusak" in story.app.broken


async def test_a_plugin_that_cannot_start_raises_why() -> None:
    plugin = make_faulty(lambda ctx: None)

    @plugin.startup()
    async def mulai(ctx: Context) -> None:
        raise OSError("the archive is away")

    with pytest.raises(OSError, match="the archive is away"):
        async with Story([plugin]):
            pass


async def test_a_sentence_that_is_not_written_is_raised(tmp_path: Path) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "id.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "rusak.ada"\nmsgstr "ada"\n')
    plugin = make_faulty(lambda ctx: None, tmp_path)

    @plugin.command("bilang")
    async def bilang(ctx: Context, apa: str) -> None:
        await ctx.reply(f"rusak.{apa}")

    async with Story([plugin]) as story:
        await story.kadis.says("/bilang ada")
        with pytest.raises(PluginError, match=r"there is no sentence 'rusak\.tidak'"):
            await story.kadis.says("/bilang tidak")


async def test_the_bytes_of_a_file_that_was_sent_can_be_read() -> None:
    plugin = Plugin("kirim", summary="Under test", policy="known")

    @plugin.command("rekap")
    async def rekap(ctx: Context) -> None:
        await ctx.reply("umum.ya", document=await ctx.files.make_document("rekap.csv", b"a;b\n", "text/csv"))

    async with Story([plugin]) as story:
        await story.kadis.says("/rekap")
        assert story.read_file(story.kadis.last) == b"a;b\n"
        await story.kadis.says("/bantuan")
        with pytest.raises(ValueError, match="carries no file"):
            story.read_file(story.kadis.last)
