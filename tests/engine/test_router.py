"""What cannot work is refused at start; everything else is found by a look-up."""

import sys
from typing import Any

import pytest

from bot import Context, Decision, Plugin, Rest
from bot.engine.router import Router
from bot.errors import PluginError
from bot.plugin.command import Typed, recognise
from bot.testing import Story


def plugin(name: str = "satu", *words: str, policy: str = "known", **more: Any) -> Plugin:
    made = Plugin(name, summary="Under test", policy=policy)
    for number, word in enumerate(words):

        async def handler(ctx: Context, teks: Rest = "") -> None: ...

        handler.__name__ = f"h{number}"
        made.command(word, **more)(handler)
    return made


def command(text: str) -> Typed:
    typed = recognise(text)
    assert typed is not None
    return typed


@pytest.mark.parametrize(
    ("plugins", "complaint"),
    [
        ([plugin("a", "izin"), plugin("b", "izin")], "/izin belongs to a"),
        ([plugin("a", "izin"), plugin("b", "lain", aliases=["IZIN"])], "/izin belongs to a"),
        ([plugin("a", "izin", "izin")], "/izin belongs to a"),
        ([plugin("a", "izin saya"), plugin("b", "izin saya")], "/izin saya belongs to a"),
        ([plugin("a"), plugin("a")], "two plugins named a"),
        ([plugin("a", "batal")], "/batal belongs to the dialogs"),
        ([plugin("a", "kembali")], "/kembali belongs to the dialogs"),
        ([plugin("a", "batal semua")], "/batal semua belongs to the dialogs"),
        ([plugin("a", "satu dua tiga")], "nobody can type"),
        ([plugin("a", "/izin")], "nobody can type"),
        ([plugin("a", "i-zin")], "nobody can type"),
        ([plugin("a", "")], "nobody can type"),
        ([plugin("a", "izin", policy="")], "has no policy"),
        ([plugin("a", "izin", policy="siapa")], "nobody has declared the policy 'siapa'"),
    ],
)
def test_a_clash_is_refused_with_both_names(plugins: list[Plugin], complaint: str) -> None:
    with pytest.raises(PluginError, match=complaint):
        Router(plugins)


def test_a_refused_plugin_leaves_nothing_behind() -> None:
    router = Router([plugin("a", "izin")])
    with pytest.raises(PluginError):
        router.add(plugin("b", "lain", "izin"))
    assert set(router.commands) == {"izin"}
    assert set(router.routes) == {"a.h0"}
    router.add(plugin("b", "lain"))


def test_two_handlers_of_one_name_are_refused() -> None:
    made = Plugin("a", summary="Under test", policy="known")

    async def handler(ctx: Context) -> None: ...

    made.command("satu")(handler)
    made.command("dua")(handler)
    with pytest.raises(PluginError, match=r"a\.handler is declared twice"):
        Router([made])


@pytest.mark.parametrize("name", ["anyone", "known", "system"])
def test_a_built_in_policy_cannot_be_given_another_meaning(name: str) -> None:
    made = Plugin("a", summary="Under test", policy="known")

    @made.policy(name)
    async def rule(ctx: Context) -> Decision:
        return ctx.deny("x", "gerbang.tidak_dikenal")

    with pytest.raises(PluginError, match="built in"):
        Router([made])


def test_a_rule_that_looks_at_what_a_route_has_not_is_refused() -> None:
    made = plugin("a", "izin", policy="pemilik")

    @made.policy("pemilik")
    async def rule(ctx: Context, nomor: int) -> Decision:
        return ctx.allow("x")

    with pytest.raises(PluginError, match="looks at nomor"):
        Router([made])


@pytest.mark.parametrize("name", ["", "Izin", "dua kata", "core", "pendopo", "umum", "tombol", "1a"])
def test_a_plugin_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(PluginError):
        plugin(name)


@pytest.mark.parametrize(
    ("typed", "route", "rest"),
    [
        ("/izin sakit hari ini", "a.h0", "sakit hari ini"),
        ("/izin saya", "a.h1", ""),
        ("/izin SAYA  sekarang", "a.h1", "sekarang"),
        ("/izin sayap patah", "a.h0", "sayap patah"),
        ("/izin", "a.h0", ""),
        ("/pergi jauh nanti", "a.h2", "nanti"),
    ],
)
def test_two_words_go_before_one(typed: str, route: str, rest: str) -> None:
    found = Router([plugin("a", "izin", "izin saya", "pergi jauh")]).find(command(typed))
    assert found is not None
    assert (found[0].name, found[1]) == (route, rest)


def test_a_list_that_takes_nothing_leaves_a_whole_sentence_to_the_command_itself() -> None:
    made = plugin("a", "izin")

    @made.command("izin saya")
    async def saya(ctx: Context) -> None: ...

    router = Router([made])
    found = [router.find(command(text)) for text in ("/izin saya", "/izin saya sakit")]
    assert [route and route[0].name for route in found] == ["a.saya", "a.h0"]


@pytest.mark.parametrize("typed", ["/pergi", "/pergi dekat", "/izinkan", "/saya"])
def test_what_no_plugin_declares_is_not_found(typed: str) -> None:
    assert Router([plugin("a", "izin", "pergi jauh")]).find(command(typed)) is None


def test_among_ten_thousand_commands_one_is_found_without_looking_at_the_others() -> None:
    """Counted in steps and not in seconds: as many steps for ten thousand as for ten."""

    def steps(count: int) -> int:
        router = Router([plugin("a", *(f"perintah{n}" for n in range(count)))])
        typed = recognise(f"/perintah{count - 1} x")
        assert typed is not None
        done = 0

        def tally(frame: Any, event: str, arg: object) -> Any:
            nonlocal done
            frame.f_trace_opcodes = True
            done += event == "opcode"
            return tally

        before = sys.gettrace()
        sys.settrace(tally)
        try:
            assert router.find(typed) is not None
        finally:
            sys.settrace(before)
        return done

    assert steps(10_000) == steps(10)


def test_a_mistyped_word_finds_what_looks_like_it() -> None:
    router = Router([plugin("a", "izin", "rapat", "laporan")])
    assert [route.words[0] for route in router.similar("izn")] == ["izin"]
    assert [route.words[0] for route in router.similar("lapran")] == ["laporan"]
    assert router.similar("xyz") == []


def test_a_button_takes_handlers_of_plugins_in_use_only_and_no_more_arguments_than_they_have() -> None:
    made = plugin("a", "izin")
    router = Router([made])

    async def stranger(ctx: Context) -> None: ...

    with pytest.raises(PluginError, match="stranger is no action"):
        router.of(stranger)
    with pytest.raises(PluginError, match="takes 1 arguments, 2 were given"):
        router.put_away("a.h0", ["x", "y"])


@pytest.mark.parametrize("cron", ["jam 7", "0 7 * *", "0 25 * * mon", "0 7 * * 1", ""])
async def test_a_crontab_line_nobody_can_read_leaves_out_its_plugin_only(cron: str) -> None:
    made = Plugin("a", summary="Under test", policy="system")

    @made.job(cron=cron or "x")
    async def pagi(ctx: Context) -> None: ...

    async with Story([made, plugin("b", "izin")]) as story:
        assert set(story.app.broken) == {"a"}
        assert "a" in story.app.broken
        assert set(story.app.core.router.plugins) == {"b"}


def test_a_job_by_cron_is_for_nobody_and_needs_nothing() -> None:
    made = Plugin("a", summary="Under test", policy="known")

    @made.job(cron="0 7 * * *")
    async def pagi(ctx: Context) -> None: ...

    with pytest.raises(PluginError, match='policy="system"'):
        Router([made])
    needy = Plugin("b", summary="Under test", policy="system")

    @needy.job(cron="0 7 * * *")
    async def sore(ctx: Context, apa: str) -> None: ...

    with pytest.raises(PluginError, match="no required parameters"):
        Router([needy])
