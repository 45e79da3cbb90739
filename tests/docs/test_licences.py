"""docs/licences.md names every distribution that an installation brings, with the licence its own metadata gives."""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "licences.md"
GIVES_ALL = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python|HPND|CNRI|Public Domain|Unlicense|Zlib", re.IGNORECASE)


def closure(name: str) -> dict[str, Distribution]:
    """What is installed with a distribution, on this machine, without extras that nobody asks for."""
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(text), "") for text in distribution(name).requires or ()]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        there = distribution(wanted.name)
        key = canonicalize_name(wanted.name)
        new = key not in found
        found[key] = there
        extras = ["", *wanted.extras] if new else list(wanted.extras)
        waiting += [(Requirement(text), asked) for asked in extras for text in there.requires or ()]
    return found


def licence_of(there: Distribution) -> str:
    """The licence as the distribution's own metadata says it: an expression, else its classifiers, else its words."""
    told = there.metadata.get_all("License-Expression") or [
        line.rpartition(" :: ")[2] for line in there.metadata.get_all("Classifier") or () if line.startswith("License ::")
    ]
    return "; ".join(told) or str(there.metadata["License"] or "").splitlines()[0]


def page() -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([\w.-]+)` \| (.+?) \|", text, re.MULTILINE))


def test_every_distribution_stands_there_with_its_licence() -> None:
    wanted = {name: licence_of(there) for name, there in sorted(closure("pendopo").items())}
    assert len(wanted) > 30
    told = page()
    missing = [f"| `{name}` | {licence} |" for name, licence in wanted.items() if told.get(name) != licence]
    assert missing == [], "these rows belong into the table of docs/licences.md"


def test_nothing_stands_there_that_no_installation_brings() -> None:
    pinned = (ROOT / "config" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    names = {canonicalize_name(line.partition("==")[0]) for line in pinned if "==" in line}
    assert set(page()) <= names | {"greenlet", "tzdata"}


@pytest.mark.parametrize("folder", ["bot/pendopo/paper/fonts", "bot/pendopo/web/static/vendor"])
def test_what_lies_here_lies_beside_its_licence(folder: str) -> None:
    assert list((ROOT / folder).glob("LICENSE*"))
    assert f"`{folder}`" in PAGE.read_text(encoding="utf-8")


def test_what_asks_for_more_than_to_be_named_is_explained() -> None:
    more = {name for name, licence in page().items() if not GIVES_ALL.search(licence)}
    (explanation,) = re.findall(r"^- .*?\n\n", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    explained = set(re.findall(r"`([\w.-]+)`", explanation))
    assert more <= explained, sorted(more - explained)


def test_nothing_asks_that_pendopo_itself_be_given_under_another_licence() -> None:
    for name, licence in page().items():
        words = re.sub(r"L(?:esser )?GPL|Lesser General Public License", "", licence)
        assert not re.search(r"\bA?GPL|Affero|SSPL|BUSL|Commons Clause", words), f"{name}: {licence}"
