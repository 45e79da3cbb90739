"""The settings are shown without their secrets, and checked to the last name."""

import json
import tomllib
from pathlib import Path

import pytest
from pendopo.config import DEFAULT_PLUGINS

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
