"""Options may stand before or after the verb."""

from pathlib import Path

from .conftest import Pendopo


def test_options_may_stand_before_or_after_the_verb(pendopo: Pendopo, place: Path) -> None:
    (place / "mine.toml").write_text('locale = "en"')
    for words in (["--config", "mine.toml", "config", "show"], ["config", "show", "--config", "mine.toml"]):
        assert 'locale = "en"' in pendopo(*words).out
