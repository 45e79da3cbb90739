"""The settings are shown without their secrets, and checked to the last name."""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest
from pendopo.cli.bootstrap.composition import compose_bot
from pendopo.cli.commands import doctor
from pendopo.cli.commands.doctor import Finding
from pendopo.cli.options import GlobalOptions
from pendopo.config import DEFAULT_PLUGINS, load_settings
from pendopo.errors import OperatorError

from tests.cli.conftest import Pendopo

SECRET = "123456:very-secret"


def test_the_settings_in_force_are_shown_as_a_file_would_say_them(
    pendopo: Pendopo, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "pendopo.toml").write_text('locale = "su"\n[web]\nport = 9000')
    monkeypatch.setenv("PENDOPO_WEB__PORT", "9001")
    said = pendopo("config", "show")
    shown = tomllib.loads(said.out)
    assert (shown["locale"], shown["web"]["port"]) == ("su", 9001)
    assert json.loads(pendopo("config", "show", "--json").out) == shown | {"adapters": {}, "plugin": {}}


def test_what_is_shown_can_be_a_configuration_again(pendopo: Pendopo, place: Path) -> None:
    (place / "pendopo.toml").write_text(
        'locale = "en"\n[calendar]\nworking = [2027-01-02]\nholidays = { "2027-03-09" = "Cuti bersama" }\n'
        '[plugins]\nenabled = ["izin", "laporan"]\n[adapters.simulator]\nenabled = true\n[plugin.izin]\n'
        '[plugin.laporan.jenis."jembatan rusak"]\nkata = ["jembatan"]'
    )
    first = pendopo("config", "show").out
    assert '"Cuti bersama"' in first
    assert '[plugin.laporan.jenis."jembatan rusak"]' in first
    assert "[plugin.izin.jenis.sakit]" in first
    (place / "again.toml").write_text(first)
    assert pendopo("config", "show", "--config", "again.toml").out == first


def test_secrets_are_masked(pendopo: Pendopo, place: Path) -> None:
    (place / "pendopo.toml").write_text(
        f'[adapters.telegram]\ntoken = "{SECRET}"\n[database]\nurl = "postgresql://bot:{SECRET[7:]}@kota/pendopo"'
    )
    for words in (["config", "show"], ["config", "show", "--json"]):
        out = pendopo(*words).out
        assert "very-secret" not in out
        assert "•••" in out
        assert "postgresql://bot:***@kota/pendopo" in out


def test_a_configuration_without_faults_is_confirmed(pendopo: Pendopo) -> None:
    assert pendopo("config", "check") == (0, "The configuration is fine.\n", "")
    assert json.loads(pendopo("config", "check", "--json").out) == {"ok": True}


def test_each_fault_of_a_configuration_is_named(pendopo: Pendopo, place: Path) -> None:
    for text, sentence in {
        "prot = 1": "pendopo.toml: prot is no setting",
        '[web]\nport = "delapan"': "pendopo.toml: web.port",
        "[web": "pendopo.toml: ",
        'timezone = "Mars"': "pendopo.toml: timezone: Value error, there is no such time zone",
        '[plugins]\nenabled = ["izn"]': "did you mean 'izin'?",
    }.items():
        (place / "pendopo.toml").write_text(text)
        said = pendopo("config", "check")
        assert said.code == 1
        assert sentence in said.err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[web]\npublic_url = "bot.kota.go.id"', "web.public_url: Value error, write it as people open it"),
        ('[web]\npublic_url = "https://kota.go.id/bot"', "the bot needs a host of its own"),
        ('[web]\npublic_url = "https://a@kota.go.id"', "the bot needs a host of its own"),
        ('[web]\npublic_url = "ftp://kota.go.id"', "write it as people open it"),
        ('[web]\npublic_url = "https://kota.go.id:x"', "write it as people open it"),
        ('[web]\nhost = "0.0.0.0"', "the simulator speaks for anybody"),
        ('[directory]\nfile = "none.toml"', "there is no directory file none.toml"),
        ('[adapters.telegram]\ntoken = "1:abc"\nmode = "webhook"', "webhook_secret"),
        ('[audit]\npost_to = "nonsense"', "a chat is MESSENGER:ID"),
        ('[audit]\npost_to = "telegram:-100123"', "audit.post_to: no messenger 'telegram' is configured"),
        ('[plugins]\nplugin_dirs = ["own"]', "plugin rusak: ZeroDivisionError"),
    ],
)
def test_what_a_start_refuses_every_check_refuses(pendopo: Pendopo, place: Path, text: str, sentence: str) -> None:
    (place / "own").mkdir()
    (place / "own" / "rusak.py").write_text("1/0")
    (place / "pendopo.toml").write_text(text)
    said = pendopo("config", "check")
    assert (said.code, sentence in said.err) == (1, True), said
    assert [finding for finding in run_settings_probes() if not finding.ok]
    if "rusak" not in sentence:  # a start leaves a broken plugin out, and goes on
        with pytest.raises(OperatorError):
            asyncio.run(compose_bot(load_settings()))


def run_settings_probes() -> list[Finding]:
    """What `doctor` finds, without asking messengers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, "list_probes", lambda settings: {})
        patch.setattr(doctor, "check_clock", lambda settings: "")
        return doctor.run_probes(GlobalOptions())


@pytest.mark.parametrize("url", ["https://kota.go.id", "https://kota.go.id/", "http://127.0.0.1:8080", "https://[::1]:8443"])
def test_an_address_that_people_can_open_is_taken(pendopo: Pendopo, place: Path, url: str) -> None:
    (place / "pendopo.toml").write_text(f'[web]\npublic_url = "{url}"\n[adapters.simulator]\nenabled = false')
    assert pendopo("config", "check").code == 0


def test_the_plugins_are_listed_with_what_is_broken(pendopo: Pendopo, plugin_dir: Path) -> None:
    (plugin_dir / "rusak.py").write_text("1/0")
    (plugin_dir / "bebas.py").write_text(
        'from pendopo import Context, Plugin\nplugin = Plugin("bebas", summary="")\n'
        '@plugin.command("bebas")\nasync def bebas(ctx: Context) -> None: ...'
    )
    said = pendopo("plugins", "list")
    assert said.code == 1
    lines = {line.split()[0]: line for line in said.out.splitlines()}
    assert "ok" in lines["izin"]
    assert "BROKEN  ZeroDivisionError: division by zero" in lines["rusak"]
    assert "BROKEN  bebas.bebas has no policy" in lines["bebas"]
    told = {row["name"]: row["ok"] for row in json.loads(pendopo("plugins", "list", "--json").out)}
    assert told == dict.fromkeys(DEFAULT_PLUGINS, True) | {"rusak": False, "bebas": False}


def test_of_a_plugins_section_what_it_calls_secret_is_masked(pendopo: Pendopo, peta: Path) -> None:
    for words in (["config", "show"], ["config", "show", "--json"]):
        out = pendopo(*words).out
        assert "kunci-" not in out
    assert json.loads(out)["plugin"] == {"peta": {"kunci": "•••", "cadangan": {"dua": "•••"}, "kota": "Cimahi"}}


def test_of_a_section_whose_plugin_cannot_be_asked_everything_is_masked(pendopo: Pendopo, peta: Path, plugin_dir: Path) -> None:
    (plugin_dir / "peta.py").write_text("1/0")
    covered = {"kunci": "•••", "cadangan": {"dua": "•••"}, "kota": "•••"}
    assert tomllib.loads(pendopo("config", "show").out)["plugin"] == {"peta": covered}
    peta.write_text(peta.read_text() + '[plugins]\nenabled = ["tidak_ada"]')
    assert tomllib.loads(pendopo("config", "show").out)["plugin"] == {"peta": covered}
    peta.write_text(f'[plugin.peta]\nkunci = ["{SECRET}"]\npin = 1234')
    assert json.loads(pendopo("config", "show", "--json").out)["plugin"] == {"peta": {"kunci": "•••", "pin": "•••"}}


def test_a_plugins_secret_that_cannot_be_read_is_told_in_a_sentence(pendopo: Pendopo, peta: Path) -> None:
    peta.write_text('[plugin.peta]\nkunci = { file = "none/such" }')
    said = pendopo("config", "check")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("pendopo: [plugin.peta]: a secret's file cannot be read: ")


def test_what_a_check_of_a_plugin_says_does_not_repeat_the_secret(pendopo: Pendopo, peta: Path, plugin_dir: Path) -> None:
    check = "    def model_post_init(self, context): raise KeyError(self.kunci.get_secret_value())\n\n\nplugin ="
    (plugin_dir / "peta.py").write_text((plugin_dir / "peta.py").read_text().replace("plugin =", check))
    said = pendopo("config", "check")
    assert (said.code, said.err) == (1, "pendopo: [plugin.peta]: KeyError: '•••'\n")
