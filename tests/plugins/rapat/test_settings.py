"""What an installation decides about meetings is read, checked, and used."""

import re
import tomllib
from datetime import time
from io import BytesIO
from pathlib import Path

import pytest
from pendopo.config import Settings, get_options
from pendopo.errors import ConfigError
from pendopo.testing import Story
from pendopo_rapat import plugin as rapat
from pendopo_rapat.models.minutes import Bahan
from pendopo_rapat.settings import RapatOptions
from pypdf import PdfReader

from .meeting import open_meeting
from .town import read_documents

DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "rapat.md"


def test_the_documentations_example_can_be_used_and_holds_every_setting() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    data = tomllib.loads(block)
    aturan = get_options(Settings.model_validate(data), "rapat", RapatOptions)
    assert set(data["plugin"]["rapat"]) == set(RapatOptions.model_fields)
    assert (aturan.jam_ingat, aturan.kop[0]) == (time(8), "Pemerintah Kota Bandung")
    assert aturan.model_copy(update={"kop": []}) == RapatOptions()


def test_every_command_is_in_the_documentation() -> None:
    text = DOCS.read_text(encoding="utf-8")
    block = text[text.index("```") : text.index("## States")]
    words = [route.words[0] for route in rapat.list_routes() if route.words and not route.hidden]
    missing = [word for word in words if not re.search(rf"\b{word.split()[-1]}\b", block)]
    assert set(missing) <= {"rapat lihat", "tl lihat"}, "these two are shown by their number alone"


@pytest.mark.parametrize("text", ["lama = 3", "kuorum_persen = 'separuh'", "jam_ingat = '25:00'"])
def test_what_is_wrong_is_named(text: str) -> None:
    settings = Settings.model_validate({"plugin": {"rapat": tomllib.loads(text)}})
    with pytest.raises(ConfigError, match=text.split(" ")[0]):
        get_options(settings, "rapat", RapatOptions)


async def test_an_installation_may_decide_without_a_quorum_record_nothing_and_have_its_own_head() -> None:
    chosen = {"plugin": {"rapat": {"putus_tanpa_kuorum": True, "catat": False, "kop": ["Kota Bandung"]}}}
    async with Story([rapat], settings=Settings.model_validate(chosen)) as story:
        await open_meeting(story)
        story.group.does_not_see("dicatat untuk notulen")
        await story.kadis.says("pompa rusak", group=True)
        assert await story.stored.list_rows(Bahan) == []
        await story.sekda.says("/putus Pompa diganti", group=True)
        await story.sekda.says("/rapat tutup", group=True)
        await story.advance(seconds=1)
        await story.sekda.presses("Sahkan")
        await story.advance(seconds=1)
        text = PdfReader(BytesIO(read_documents(story, story.kadis, ".pdf")[0])).pages[0].extract_text()
        assert "KOTA BANDUNG" in text
