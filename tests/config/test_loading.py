"""Settings: what is misspelt is told with what was meant, and a secret stays one."""

import random
import traceback
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendopo.config import Options, Secret, Settings, get_options, list_secrets, load_settings, redact_secrets, with_options
from pendopo.errors import ConfigError

from tests.oddities import dice, scratched, texts

TOKEN = "123456:very-secret"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pendopo.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path | None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(path, environ or {})
    return str(caught.value)


def test_without_a_file_there_are_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(None, {}) == Settings()
    assert Settings().adapters.simulated


def test_a_file_beside_one_is_found_and_a_named_one_goes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "[web]\nport = 1")
    other = tmp_path / "other.toml"
    other.write_text("[web]\nport = 2")
    assert load_settings(None, {}).web.port == 1
    assert load_settings(other, {}).web.port == 2


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "[web]\nport = 1\nhost = 'a'")
    settings = load_settings(path, {"PENDOPO_WEB__PORT": "2", "PENDOPO_PLUGINS__ENABLED": "izin, bantuan,", "OTHER": "x"})
    assert (settings.web.port, settings.web.host, settings.plugins.enabled) == (2, "a", ["izin", "bantuan"])
    assert not load_settings(path, {"PENDOPO_ADAPTERS__SIMULATOR__ENABLED": "false"}).adapters.simulated


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nprot = 1", "web.prot is no setting; did you mean web.port?"),
        ("local = 'id'", "local is no setting; did you mean locale?"),
        ("[adapters.telegram]\ntokn = 'x'", "adapters.telegram.tokn is no setting; did you mean adapters.telegram.token?"),
        ("[adapters.telegram]\nmode = 'polling'", "adapters.telegram.token is missing"),
        ("[web]\nport = 'x'", "web.port: Input should be a valid integer"),
        ("[web]\nport = 70000", "web.port"),
        ("locale = 'jv'", "locale: Input should be 'id', 'en' or 'su'"),
        ("timezone = 'Asia/Bandung'", "timezone: Value error, there is no such time zone; an example is Asia/Jakarta"),
        ("[web\n", "pendopo.toml"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    told = complaint(write(tmp_path, text))
    assert said in told
    assert "pendopo.toml" in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    assert len(complaint(write(tmp_path, "locale = 'x'\n[web]\nport = 'x'\nprot = 1")).splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("PENDOPO_WEB__PROT", "PENDOPO_WEB__PROT is no setting; did you mean PENDOPO_WEB__PORT?"),
        ("PENDOPO_WEB_PORT", "did you mean PENDOPO_WEB__PORT?"),
        ("PENDOPO_XYZZY", "PENDOPO_XYZZY is no setting"),
        ("PENDOPO_WEB", "PENDOPO_WEB is no setting"),
    ],
)
def test_a_misspelt_variable_is_told_with_the_right_one(tmp_path: Path, name: str, said: str) -> None:
    assert said in complaint(write(tmp_path, ""), {name: "1"})


def test_a_variable_into_what_is_no_section_is_told(tmp_path: Path) -> None:
    assert "web is no section" in complaint(write(tmp_path, "web = 3"), {"PENDOPO_WEB__PORT": "1"})


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    assert "there is no configuration file" in complaint(tmp_path / "none.toml")


def test_a_secret_stands_in_the_file_in_another_file_or_in_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for value in (f'"{TOKEN}"', f'{{ file = "{tmp_path}/token" }}', '{ env = "MY_TOKEN" }', '{ credential = "token" }'):
        settings = load_settings(write(tmp_path, f"[adapters.telegram]\ntoken = {value}"), {})
        assert settings.adapters.telegram is not None
        assert settings.adapters.telegram.token.get_secret_value() == TOKEN
        assert list_secrets(settings) == [TOKEN]
        assert TOKEN not in repr(settings)
        assert not settings.adapters.simulated


def test_until_a_plugin_says_what_is_secret_in_its_section_all_of_it_is(tmp_path: Path) -> None:
    (tmp_path / "kunci").write_text(f"{TOKEN}\n")
    section = f'[plugin.peta]\nkunci = {{ file = "{tmp_path}/kunci" }}\nkota = "Cimahi"\ndaftar = ["satu", "dua", "tiga"]'
    settings = load_settings(write(tmp_path, section), {})
    assert list_secrets(settings) == [TOKEN, "Cimahi", "satu", "tiga"]
    assert "Cimahi" not in repr(settings)

    class Peta(Options):
        kunci: Secret
        kota: str
        daftar: list[str]

    class Salah(Options):
        kunci: int

    known = with_options(settings, {"peta": Peta})
    assert list_secrets(known) == [TOKEN]
    assert get_options(known, "peta", Peta) is known.plugin["peta"]
    assert list_secrets(with_options(settings, {"peta": Salah})) == list_secrets(settings)


def test_a_secret_that_a_plugin_takes_without_a_section_is_known_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Peta(Options):
        kunci: Secret = {"env": "KUNCI_PETA"}  # type: ignore[assignment]  # pydantic reads it

    class Aula(Options):
        jam: int = 2

    monkeypatch.setenv("KUNCI_PETA", TOKEN)
    known = with_options(Settings(), {"peta": Peta, "aula": Aula})
    assert (list_secrets(known), list(known.plugin)) == ([TOKEN], ["peta"])


def test_a_secret_that_is_a_part_of_another_leaves_nothing_of_it(tmp_path: Path) -> None:
    assert redact_secrets("kunci-panjang, kunci", ["kunci", "kunci-panjang"]) == "•••, •••"


@pytest.mark.parametrize("value", ['{ env = "NOT_SET" }', '{ fil = "x" }', "{ file = 3 }", '{ file = "/none/x" }', "3", "{}"])
def test_a_secret_that_is_not_there_is_an_error_that_says_how(tmp_path: Path, value: str) -> None:
    assert "secret" in complaint(write(tmp_path, f"[adapters.telegram]\ntoken = {value}")).lower() or value == "3"


def test_what_a_secret_points_at_is_named_when_it_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(value: str) -> str:
        return complaint(write(tmp_path, f"[adapters.telegram]\ntoken = {value}"))

    assert "the environment has no variable WA_TOKEN" in told('{ env = "WA_TOKEN" }')
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert "LoadCredential=telegram.token:/etc/pendopo/telegram.token" in told('{ credential = "telegram.token" }')
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "none"))
    assert "telegram.token" in told('{ credential = "telegram.token" }')


@pytest.mark.parametrize(
    "text",
    [
        f"[adapters.telegram]\ntoken = {{ env = '{TOKEN}' }}",
        f"[adapters.telegram]\ntoken = {{ credential = '{TOKEN}' }}",
        f"[adapters.telegram]\ntoken = ['{TOKEN}']",
        f"[adapters.telegram]\ntoken = {{ fil = '{TOKEN}' }}",
        f"[adapters.telegram]\ntoken = 'x'\nmode = '{TOKEN}'",
        f"[adapters.waha]\napi_key = '{TOKEN}'\nmode = 'x'",
        f"[web]\nport = '{TOKEN}'",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_told_to_anybody_not_even_in_a_trace(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(write(tmp_path, text), {})
    assert TOKEN not in str(caught.value)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_text_is_shown_with_its_secrets_covered() -> None:
    assert redact_secrets(f"https://x/bot{TOKEN}/send", [TOKEN]) == "https://x/bot•••/send"


# -- whatever is in the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{b=" * 3000,
        "a = " + "9" * 5000,
        "a = 2026-13-45",
        "[adapters.telegram]\ntoken = { env = ['a'] }",
        "[adapters.telegram]\ntoken = { env = {} }",
        "[adapters.telegram]\ntoken = { file = '/' }",
        '[adapters.telegram]\ntoken = { file = "a\\u0000" }',
        "timezone = '../../etc/passwd'",
        "adapters = 1",
    ],
    ids=lambda text: text[:30].split("\n")[-1],
)
def test_whatever_is_wrong_with_the_file_is_said_in_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pendopo.toml"
    file.write_text(text)
    with pytest.raises(ConfigError):
        load_settings(file, {})


EXAMPLE = (Path(__file__).parents[2] / "config" / "pendopo.example.toml").read_bytes()


@given(chance=dice)
def test_a_scratched_file_is_read_or_refused(chance: random.Random, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "scratched.toml"
    file.write_bytes(scratched(EXAMPLE, chance))
    with suppress(ConfigError):
        assert isinstance(load_settings(file, {}), Settings)


names = st.sampled_from(
    ["PENDOPO_LOCALE", "PENDOPO_WEB__PORT", "PENDOPO_PLUGINS__ENABLED", "PENDOPO_ADAPTERS__TELEGRAM__TOKEN"]
)


@given(environ=st.dictionaries(names | st.text(max_size=9).map("PENDOPO_".__add__), texts("id", "8080", "a,b", ",")))
def test_whatever_is_in_the_environment_is_taken_or_refused(environ: dict[str, str]) -> None:
    with suppress(ConfigError):
        assert isinstance(load_settings(None, environ), Settings)
