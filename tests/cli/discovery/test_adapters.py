"""An adapter of another distribution is used where its section is, and refused by name where it cannot be."""

import importlib
import json
import pkgutil
import sys
import tomllib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pendopo.adapters
import pytest
from pendopo.adapters.console import Console
from pendopo.adapters.dashboard import Dashboard
from pendopo.adapters.simulator import Simulator
from pendopo.cli.bootstrap.composition import check_adapters, compose_bot
from pendopo.cli.discovery.adapters import SHIPPED_ADAPTERS, extend_settings
from pendopo.cli.reload.watcher import list_watched
from pendopo.cli.reload.worker import _can_load
from pendopo.config import Settings, list_secrets, load_settings
from pendopo.errors import AdapterError, ConfigError, OperatorError

from tests.cli.conftest import Pendopo

SECRET = "sangat-rahasia"
SECTION = f'[adapters.sms]\ngateway = "http://x"\nsecret = "{SECRET}"\n'
SMS = """
from pydantic import AfterValidator, model_validator
from pathlib import Path
from typing import Annotated

from pendopo.adapters.messenger import Installation, Messenger
from pendopo.config import Options, Secret
from pendopo.errors import ConfigError, OperatorError
from pendopo.testing import MemoryMessenger


def spelt(value: str) -> str:
    if value == "http://refused":
        raise ValueError(f"{value} is no gateway")
    return value


class Line(Options):
    key: Secret


class SmsOptions(Options):
    gateway: Annotated[str, AfterValidator(spelt)]
    secret: Secret
    retries: int = 3
    senders: list[str] = []
    lines: list[Line] = []
    keys: dict[str, Secret] = {}
    folder: Path = Path("kotak")

    @model_validator(mode="after")
    def checked(self) -> "SmsOptions":
        if self.secret.get_secret_value() == "refused-secret":
            raise ValueError(f"{self.secret.get_secret_value()} is too easy")
        return self


def make(options: SmsOptions, installation: Installation) -> MemoryMessenger:
    adapter = MemoryMessenger("sms")
    adapter.made_of = (options.gateway, options.retries, options.senders, installation.webhook)
    return adapter


async def ask(options: SmsOptions, installation: Installation) -> str:
    return f"the gateway knows {options.secret.get_secret_value()} and delivers to {installation.webhook}"


messenger = Messenger(options=SmsOptions, make=make, ask=ask)
"""
Bring = Callable[..., Path]


@pytest.fixture
def brings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bring]:
    """Install a distribution that brings an adapter."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))

    def bring(text: str = SMS, name: str = "sms", distribution: str = "pendopo-sms") -> Path:
        module = distribution.replace("-", "_")
        (folder / f"{module}.py").write_text(text)
        about = folder / f"{module}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[pendopo.adapters]\n{name} = {module}:messenger\n")
        importlib.invalidate_caches()
        return folder / f"{module}.py"

    yield bring
    for name in [name for name, module in sys.modules.items() if str(getattr(module, "__file__", "")).startswith(str(folder))]:
        del sys.modules[name]


def read(place: Path, text: str = SECTION, **environ: str) -> Settings:
    path = place / "pendopo.toml"
    path.write_text(text)
    return load_settings(path, environ, known=extend_settings)


def refusal(place: Path, text: str = SECTION, **environ: str) -> str:
    """Why this configuration cannot be used; nothing that it says is a secret."""
    with pytest.raises(ConfigError) as caught:
        check_adapters(read(place, text, **environ))
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


# -- its settings ------------------------------------------------------------------------------------------------


def test_its_section_is_read_like_those_of_the_house_and_the_environment_goes_over_it(place: Path, brings: Bring) -> None:
    brings()
    more = {"PENDOPO_ADAPTERS__SMS__RETRIES": "5", "PENDOPO_ADAPTERS__SMS__SENDERS": "PENDOPO, KOTA"}
    (sms,) = check_adapters(read(place, f'web = {{ public_url = "https://kota/" }}\n{SECTION}', **more))
    assert sms.name == "sms"
    assert sms.made_of == ("http://x", 5, ["PENDOPO", "KOTA"], "https://kota/hooks/sms")  # type: ignore[attr-defined]  # of the adapter above


def test_the_environment_alone_is_enough(place: Path, brings: Bring) -> None:
    brings()
    settings = read(place, "", PENDOPO_ADAPTERS__SMS__GATEWAY="http://x", PENDOPO_ADAPTERS__SMS__SECRET=SECRET)
    assert settings.adapters.messengers == ["sms"]
    assert check_adapters(settings)[0].made_of[3] == ""  # type: ignore[attr-defined]  # of the adapter above


def test_one_that_is_installed_and_not_configured_is_not_even_imported(place: Path, brings: Bring) -> None:
    brings("1/0")
    settings = read(place, "")
    assert (settings.adapters.messengers, settings.adapters.simulated) == ([], True)
    assert check_adapters(settings) == []


def test_beside_it_the_simulator_runs_only_when_it_is_asked_for(place: Path, brings: Bring) -> None:
    brings()
    assert not read(place).adapters.simulated
    assert read(place, SECTION + "[adapters.simulator]\n").adapters.simulated


@pytest.mark.parametrize(
    ("text", "environ", "said"),
    [
        ("[adapters.smss]\n", {}, "adapters.smss: no package that is installed brings such an adapter"),
        ("[adapters.smss]\n", {}, "; did you mean 'sms'?"),
        ("[adapters.telegran]\n", {}, "; did you mean 'telegram'?"),
        ("", {"PENDOPO_ADAPTERS__SMSS__GATEWAY": "x"}, "; did you mean 'sms'?"),
        (SECTION + 'gatewya = "x"', {}, "adapters.sms.gatewya is no setting; did you mean adapters.sms.gateway?"),
        (
            SECTION,
            {"PENDOPO_ADAPTERS__SMS__GATEWYA": "x"},
            "PENDOPO_ADAPTERS__SMS__GATEWYA is no setting; did you mean PENDOPO_ADAPTERS__SMS__GATEWAY?",
        ),
        ('[adapters.sms]\ngateway = "x"', {}, "adapters.sms.secret is missing"),
        ("[adapters]\nsms = 3", {}, "adapters.sms: Input should be a valid dictionary"),
    ],
)
def test_what_is_misspelt_is_told_with_what_was_meant(
    place: Path, brings: Bring, text: str, environ: dict[str, str], said: str
) -> None:
    brings()
    assert said in refusal(place, text, **environ)


def test_one_that_is_not_installed_is_told_with_those_that_are_known(place: Path) -> None:
    said = refusal(place)
    assert said == (
        "adapters.sms: no package that is installed brings such an adapter: install the one that does; "
        "known are simulator, telegram, waha, whatsapp_cloud"
    )


@pytest.mark.parametrize(
    "text",
    [
        f'[adapters.sms]\ngateway = "http://x"\nsecret = ["{SECRET}"]',
        f'[adapters.sms]\ngateway = "http://x"\nsecret = {{ fil = "{SECRET}" }}',
        f'[adapters.sms]\ngateway = "http://x"\nsecret = "s"\nretries = "{SECRET}"',
    ],
)
def test_a_value_that_does_not_fit_is_not_repeated(place: Path, brings: Bring, text: str) -> None:
    brings()
    assert "adapters.sms." in refusal(place, text)


@pytest.mark.parametrize("secret", ['"refused-secret"', '{ env = "THEIRS" }'])
def test_not_even_where_its_own_check_would_repeat_it(
    place: Path, brings: Bring, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    brings()
    monkeypatch.setenv("THEIRS", "refused-secret")
    with pytest.raises(ConfigError) as caught:
        read(place, f'[adapters.sms]\ngateway = "http://refused"\nsecret = {secret}')
    assert "adapters.sms.gateway: Value error, ••• is no gateway" in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        read(place, f'[adapters.sms]\ngateway = "http://x"\nsecret = {secret}')
    assert "adapters.sms: Value error, ••• is too easy" in str(caught.value)
    assert "refused-secret" not in "".join(traceback.format_exception(caught.value))


def test_all_its_secrets_are_known_as_such(place: Path, brings: Bring, pendopo: Pendopo) -> None:
    brings()
    settings = read(place, f'{SECTION}lines = [{{ key = "kunci-satu" }}]\nkeys = {{ dua = "kunci-dua" }}')
    assert list_secrets(settings) == [SECRET, "kunci-satu", "kunci-dua"]
    shown = pendopo("config", "show")
    assert shown.code == 0
    assert tomllib.loads(shown.out)["adapters"]["sms"] == {
        "gateway": "http://x",
        "secret": "•••",
        "retries": 3,
        "senders": [],
        "lines": [{"key": "•••"}],
        "keys": {"dua": "•••"},
        "folder": "kotak",
    }
    assert json.loads(pendopo("config", "show", "--json").out)["adapters"] == tomllib.loads(shown.out)["adapters"]
    assert pendopo("config", "check").code == 0


# -- what is refused ---------------------------------------------------------------------------------------------

HEAD, TAIL = SMS.split("messenger = ")
LOOSE = 'class SmsOptions(Options):\n    model_config = {"extra": "allow", "hide_input_in_errors": False}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_that_name", "cannot be imported: ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("raise SystemExit(3)", "cannot be imported: SystemExit: 3"),
        ("", "cannot be imported: AttributeError"),
        ("messenger = 3", "is no Messenger(options=…, make=…)"),
        (
            f"{HEAD}messenger = Messenger(options=dict, make=make)",
            "its options are no class of the kind pendopo.config.Options",
        ),
        (
            f"{HEAD}{LOOSE}messenger = Messenger(options=SmsOptions, make=make)",
            "its options loosen a rule of all settings: extra, hide_input_in_errors",
        ),
        (
            f"{HEAD}def make(options, installation):\n    raise ConfigError(options.secret.get_secret_value() + ' is short')\n"
            "messenger = Messenger(options=SmsOptions, make=make)",
            ": ••• is short",
        ),
        (
            f"{HEAD}def make(options, installation):\n    return {{}}[options.secret.get_secret_value()]\n"
            "messenger = Messenger(options=SmsOptions, make=make)",
            ": KeyError: '•••'",
        ),
        (f"{HEAD}messenger = Messenger(options=SmsOptions, make=lambda options: None)", ": TypeError: "),
        (
            f"{HEAD}messenger = Messenger(options=SmsOptions, make=lambda options, installation: None)",
            "makes no adapter: it lacks name, handle, invitation, capabilities, receive,",
        ),
        (
            f"{HEAD}messenger = Messenger(options=SmsOptions, make=lambda options, installation: MemoryMessenger('telegram'))",
            "makes an adapter of another name, 'telegram': the two must be the same",
        ),
    ],
)
def test_one_that_cannot_be_used_is_named_with_its_distribution(place: Path, brings: Bring, text: str, said: str) -> None:
    brings(text)
    told = refusal(place)
    assert told.startswith("adapters.sms: pendopo-sms (pendopo_sms:messenger)")
    assert said in told


async def test_a_bot_does_not_start_with_it(place: Path, brings: Bring) -> None:
    brings(f"{HEAD}messenger = Messenger(options=SmsOptions, make=lambda options, installation: MemoryMessenger('sns'))")
    with pytest.raises(AdapterError):
        await compose_bot(read(place))
    assert not (place / "var").exists()


@pytest.mark.parametrize("name", sorted(SHIPPED_ADAPTERS))
def test_the_name_of_one_that_ships_is_not_to_be_had(place: Path, brings: Bring, name: str) -> None:
    brings(name=name)
    said = refusal(place, f"[adapters.{name}]\n")
    assert f"adapters.{name}: pendopo-sms brings one too, but this adapter ships with Pendopo: uninstall pendopo-sms" in said


def test_every_adapter_that_ships_keeps_its_name(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "adapters": {
                "telegram": {"token": "1:abcdefghijklmnop"},
                "whatsapp_cloud": dict.fromkeys(("access_token", "phone_number_id", "app_secret", "verify_token"), "1"),
                "waha": {"base_url": "http://x", "api_key": "k", "hmac_key": "k"},
            }
        }
    )
    made = [*check_adapters(settings), Console(print), Simulator([], [], tmp_path / "log"), Dashboard()]
    assert {adapter.name for adapter in made} == SHIPPED_ADAPTERS
    assert len([module for module in pkgutil.iter_modules(pendopo.adapters.__path__) if module.ispkg]) == len(SHIPPED_ADAPTERS)


def test_of_two_that_bring_the_same_name_none_is_taken(place: Path, brings: Bring) -> None:
    brings()
    brings(distribution="another-sms")
    said = refusal(place)
    assert said == "adapters.sms: another-sms and pendopo-sms both bring an adapter of this name: uninstall one of them"


@pytest.mark.parametrize("name", ["Sms", "pesan-singkat", "a__b", "copy", "pesan singkat"])
def test_a_name_that_cannot_stand_everywhere_is_refused(place: Path, brings: Bring, name: str) -> None:
    brings(name=name)
    assert "pendopo-sms brings an adapter whose name cannot be one" in refusal(place, f'[adapters."{name}"]\n')


# -- those who look after it -------------------------------------------------------------------------------------


def looked(pendopo: Pendopo) -> dict[str, tuple[bool, str]]:
    return {each["what"]: (each["ok"], each["said"]) for each in json.loads(pendopo("doctor", "--json").out)}


def test_the_doctor_looks_at_it_as_at_the_others(
    place: Path, brings: Bring, pendopo: Pendopo, monkeypatch: pytest.MonkeyPatch
) -> None:
    brings()
    monkeypatch.setenv("PENDOPO_WEB__PORT", "0")
    (place / "pendopo.toml").write_text(f'web = {{ public_url = "https://kota" }}\n{SECTION}')
    (place / "pendopo.toml").chmod(0o644)
    found = looked(pendopo)
    assert found["messengers"] == (True, "sms")
    assert found["sms"] == (True, "the gateway knows ••• and delivers to https://kota/hooks/sms")
    assert found["secrets"] == (False, "pendopo.toml holds secrets and others may read it: chmod 600 pendopo.toml")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "raise OperatorError(f'{options.secret.get_secret_value()} is refused: take a new one')",
            "••• is refused: take a new one",
        ),
        ("return [][1]", "IndexError: list index out of range"),
    ],
)
def test_what_it_finds_wrong_is_a_line_of_the_doctor(
    place: Path, brings: Bring, pendopo: Pendopo, body: str, said: str
) -> None:
    brings(f"{HEAD}async def ask(options, installation):\n    {body}\nmessenger = {TAIL}")
    (place / "pendopo.toml").write_text(SECTION)
    assert looked(pendopo)["sms"] == (False, said)


def test_one_without_a_question_is_not_asked(place: Path, brings: Bring, pendopo: Pendopo) -> None:
    brings(f"{HEAD}messenger = Messenger(options=SmsOptions, make=make)")
    (place / "pendopo.toml").write_text(SECTION)
    found = looked(pendopo)
    assert "sms" not in found
    assert found["messengers"] == (True, "sms")


def test_one_that_cannot_be_imported_is_a_line_of_the_doctor_too(place: Path, brings: Bring, pendopo: Pendopo) -> None:
    brings("1/0")
    (place / "pendopo.toml").write_text(SECTION)
    assert "ZeroDivisionError: division by zero" in looked(pendopo)["configuration"][1]


def test_its_package_is_watched_where_it_is_used(place: Path, brings: Bring) -> None:
    module = brings()
    assert module in list_watched(read(place), None)
    assert module not in list_watched(read(place, ""), None)


def test_a_save_after_which_it_cannot_be_made_is_not_taken(place: Path, brings: Bring) -> None:
    """`pendopo run --reload` lets the bot that runs go on then."""
    brings(f"{HEAD}messenger = Messenger(options=SmsOptions, make=lambda options, installation: 1 / 0)")
    with pytest.raises(AdapterError, match="ZeroDivisionError"):
        _can_load(read(place))


def test_a_demo_leaves_it_out(place: Path, brings: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    from pendopo.cli import logs
    from pendopo.cli.commands import run
    from pendopo.cli.options import GlobalOptions

    brings()
    (place / "pendopo.toml").write_text(SECTION)
    served: list[Settings] = []

    async def serve(settings: Settings, as_json: bool) -> None:
        served.append(settings)

    monkeypatch.setattr(run, "serve", serve)
    monkeypatch.setattr(logs, "configure", lambda *words, **options: None)
    run.demo(options=GlobalOptions(None, False))
    assert (served[0].adapters.messengers, served[0].adapters.simulated) == ([], True)


def test_without_the_command_line_a_stranger_is_no_setting(place: Path, brings: Bring) -> None:
    brings()
    path = place / "pendopo.toml"
    path.write_text(SECTION)
    with pytest.raises(OperatorError, match=r"adapters\.sms is no setting"):
        load_settings(path, {})
