"""What cannot work is refused at start; everything else is found by a look-up."""

import sys
from collections.abc import Sequence
from typing import Any

import pytest
from pendopo import Context, Decision, Plugin, RestOfText, RouteName
from pendopo.engine.routing.router import Router
from pendopo.errors import PluginError
from pendopo.plugin.command_text import TypedCommand, parse_command
from pendopo.testing import Story


def make_plugin(name: str = "satu", *words: str, policy: str = "known", **more: Any) -> Plugin:
    made = Plugin(name, summary="Under test", policy=policy)
    for number, word in enumerate(words):

        async def handler(ctx: Context, teks: RestOfText = "") -> None: ...

        handler.__name__ = f"h{number}"
        made.command(word, **more)(handler)
    return made


def command(text: str) -> TypedCommand:
    typed = parse_command(text)
    assert typed is not None
    return typed


@pytest.mark.parametrize(
    ("plugins", "complaint"),
    [
        ([make_plugin("a", "izin"), make_plugin("b", "izin")], "/izin belongs to a"),
        ([make_plugin("a", "izin"), make_plugin("b", "lain", aliases=["IZIN"])], "/izin belongs to a"),
        ([make_plugin("a", "izin", "izin")], "/izin belongs to a"),
        ([make_plugin("a", "izin saya"), make_plugin("b", "izin saya")], "/izin saya belongs to a"),
        ([make_plugin("a"), make_plugin("a")], "two plugins named a"),
        ([make_plugin("a", "batal")], "/batal belongs to the dialogs"),
        ([make_plugin("a", "kembali")], "/kembali belongs to the dialogs"),
        ([make_plugin("a", "batal semua")], "/batal semua belongs to the dialogs"),
        ([make_plugin("a", "satu dua tiga")], "nobody can type"),
        ([make_plugin("a", "/izin")], "nobody can type"),
        ([make_plugin("a", "i-zin")], "nobody can type"),
        ([make_plugin("a", "")], "nobody can type"),
        ([make_plugin("a", "izin", policy="")], "has no policy"),
        ([make_plugin("a", "izin", policy="siapa")], "nobody has declared the policy 'siapa'"),
    ],
)
def test_a_clash_is_refused_with_both_names(plugins: list[Plugin], complaint: str) -> None:
    with pytest.raises(PluginError, match=complaint):
        Router(plugins)


def test_a_refused_plugin_leaves_nothing_behind() -> None:
    router = Router([make_plugin("a", "izin")])
    with pytest.raises(PluginError):
        router.add_plugin(make_plugin("b", "lain", "izin"))
    assert set(router.commands) == {"izin"}
    assert set(router.routes) == {"a.h0"}
    router.add_plugin(make_plugin("b", "lain"))


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
    made = make_plugin("a", "izin", policy="pemilik")

    @made.policy("pemilik")
    async def rule(ctx: Context, nomor: int) -> Decision:
        return ctx.allow("x")

    with pytest.raises(PluginError, match="looks at nomor"):
        Router([made])


@pytest.mark.parametrize("name", ["", "Izin", "dua kata", "core", "pendopo", "umum", "tombol", "1a"])
def test_a_plugin_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(PluginError):
        make_plugin(name)


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
    found = Router([make_plugin("a", "izin", "izin saya", "pergi jauh")]).find_command(command(typed))
    assert found is not None
    assert (found[0].name, found[1]) == (route, rest)


def test_a_list_that_takes_nothing_leaves_a_whole_sentence_to_the_command_itself() -> None:
    made = make_plugin("a", "izin")

    @made.command("izin saya")
    async def saya(ctx: Context) -> None: ...

    router = Router([made])
    found = [router.find_command(command(text)) for text in ("/izin saya", "/izin saya sakit")]
    assert [route and route[0].name for route in found] == ["a.saya", "a.h0"]


@pytest.mark.parametrize("typed", ["/pergi", "/pergi dekat", "/izinkan", "/saya"])
def test_what_no_plugin_declares_is_not_found(typed: str) -> None:
    assert Router([make_plugin("a", "izin", "pergi jauh")]).find_command(command(typed)) is None


def test_among_ten_thousand_commands_one_is_found_without_looking_at_the_others() -> None:
    """Counted in steps and not in seconds: as many steps for ten thousand as for ten."""

    def steps(count: int) -> int:
        router = Router([make_plugin("a", *(f"perintah{n}" for n in range(count)))])
        typed = parse_command(f"/perintah{count - 1} x")
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
            assert router.find_command(typed) is not None
        finally:
            sys.settrace(before)
        return done

    assert steps(10_000) == steps(10)


def test_a_mistyped_word_finds_what_looks_like_it() -> None:
    router = Router([make_plugin("a", "izin", "rapat", "laporan")])
    assert [route.words[0] for route in router.similar_commands("izn")] == ["izin"]
    assert [route.words[0] for route in router.similar_commands("lapran")] == ["laporan"]
    assert router.similar_commands("xyz") == []


def test_a_button_takes_handlers_of_plugins_in_use_only_and_no_more_arguments_than_they_have() -> None:
    made = make_plugin("a", "izin")
    router = Router([made])

    async def stranger(ctx: Context) -> None: ...

    with pytest.raises(PluginError, match="stranger is no action"):
        router.route_for(stranger)
    with pytest.raises(PluginError, match="takes 1 arguments, 2 were given"):
        router.encode_arguments("a.h0", ["x", "y"])


@pytest.mark.parametrize("cron", ["jam 7", "0 7 * *", "0 25 * * mon", "0 7 * * 1", ""])
async def test_a_crontab_line_nobody_can_read_leaves_out_its_plugin_only(cron: str) -> None:
    made = Plugin("a", summary="Under test", policy="system")

    @made.job(cron=cron or "x")
    async def pagi(ctx: Context) -> None: ...

    async with Story([made, make_plugin("b", "izin")], raises=False) as story:
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


def handled(*declared: Any, handlers: Sequence[Any] = ()) -> Router:
    """A router with a plugin of these handles and actions."""
    made = Plugin("a", summary="Under test", policy="known")
    for function in declared:
        made.handle(function)
    for function in handlers:
        made.action()(function)
    return Router([made])


def test_a_handle_leads_to_the_handler_of_its_name() -> None:
    made = Plugin("a", summary="Under test", policy="known")

    @made.handle
    async def terima(ctx: Context, nomor: int, catatan: RestOfText = "") -> None: ...

    handle = terima

    @made.action()  # type: ignore[no-redef]  # elsewhere in another module
    async def terima(ctx: Context, nomor: int, catatan: RestOfText = "") -> None: ...

    router = Router([made])
    assert handle is not terima
    assert router.route_for(handle) is router.route_for(terima) is router.routes["a.terima"]
    assert router.encode_arguments("a.terima", [7]) == {"nomor": 7}


def test_a_handle_that_nobody_answers_is_refused() -> None:
    async def terima(ctx: Context) -> None: ...

    with pytest.raises(PluginError, match=r"nobody answers the handle a\.terima: declare a handler of that name"):
        handled(terima)


def test_a_page_does_not_answer_a_handle() -> None:
    made = Plugin("a", summary="Under test", policy="known")

    async def terima(ctx: Context) -> None: ...

    made.handle(terima)
    made.page("/terima")(terima)  # type: ignore[type-var]  # which is what is refused
    with pytest.raises(PluginError, match=r"nobody answers the handle a\.terima"):
        Router([made])


def test_a_handle_declared_twice_is_refused() -> None:
    async def terima(ctx: Context) -> None: ...

    with pytest.raises(PluginError, match=r"the handle a\.terima is declared twice: keep one"):
        handled(terima, terima, handlers=[terima])


def test_a_handle_that_takes_something_else_than_its_handler_is_refused() -> None:
    async def terima(ctx: Context, nomor: int, catatan: str = "") -> None: ...

    handle = terima

    def refused(handler: Any) -> None:
        with pytest.raises(PluginError, match=r"the handle a\.terima takes \(ctx.* give both the same names, types and"):
            handled(handle, handlers=[handler])

    async def terima(ctx: Context, number: int, catatan: str = "") -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)

    async def terima(ctx: Context, nomor: str, catatan: str = "") -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)

    async def terima(ctx: Context, nomor: int, catatan: str = "baik") -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)

    async def terima(ctx: Context, nomor: int, catatan: str) -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)

    async def terima(ctx: Context, catatan: str, nomor: int) -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)

    async def terima(ctx: Context, nomor: int) -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)

    async def terima(ctx: Context, nomor: int, catatan: RestOfText = "") -> None: ...  # type: ignore[no-redef]  # elsewhere in another module

    refused(terima)


def test_a_refused_handle_leaves_nothing_behind() -> None:
    router = Router()

    async def terima(ctx: Context) -> None: ...

    made = Plugin("a", summary="Under test", policy="known")
    made.handle(terima)
    with pytest.raises(PluginError):
        router.add_plugin(made)
    assert not router.plugins
    assert not router.routes


def test_a_string_is_no_target() -> None:
    router = Router([make_plugin("a", "izin")])
    with pytest.raises(PluginError, match=r"'a\.h0' is a string, and no target: pass the function itself"):
        router.route_for("a.h0")  # type: ignore[arg-type]
    assert router.route_for(RouteName("a.h0")) is router.routes["a.h0"]
    with pytest.raises(PluginError, match=r"a\.h1 is no action, job or command of a plugin in use"):
        router.route_for(RouteName("a.h1"))
