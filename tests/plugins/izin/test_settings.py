"""What an installation decides about izin is read, checked, and used."""

import re
import tomllib
from pathlib import Path

import pytest
from pendopo.config import Settings, get_options
from pendopo.errors import ConfigError
from pendopo_izin.settings import ApprovalStep, IzinOptions

DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "izin.md"


def test_the_documentations_example_can_be_used() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    aturan = get_options(Settings.model_validate(tomllib.loads(block)), "izin", IzinOptions)
    assert aturan.find_kind("sakit").rahasia
    assert [step.oleh for step in aturan.find_kind("dinas").rute] == [["superior"], ["role:walikota"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [("pengingat = 3", "pengingat is no setting"), ("pengingat_jam = 'dua'", "pengingat_jam"), ("[jenis.x]\nkat = []", "kat")],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    settings = Settings.model_validate({"plugin": {"izin": tomllib.loads(text)}})
    with pytest.raises(ConfigError, match=re.escape(said)):
        get_options(settings, "izin", IzinOptions)


@pytest.mark.parametrize(
    ("role", "days", "abroad", "applies"),
    [("kepala_opd", 3, False, True), ("kepala_opd", 2, False, False), ("kepala_opd", 1, True, True), ("camat", 9, True, False)],
)
def test_a_step_is_left_out_unless_its_conditions_hold(role: str, days: int, abroad: bool, applies: bool) -> None:
    step = ApprovalStep(oleh=["role:walikota"], untuk=["kepala_opd"], lebih_hari=2, luar_negeri=True)
    assert step.applies_to(frozenset({role}), days, abroad) is applies
