"""The options of every verb: the configuration file, and JSON output."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from msgspec import Struct

from pendopo.cli.discovery.adapters import extend_settings
from pendopo.cli.output import print_json
from pendopo.config import Settings, load_settings


class GlobalOptions(Struct, frozen=True):
    """`--config` and `--json`."""

    config: Path | None = None
    json: bool = False

    def load_settings(self) -> Settings:
        """Load the settings of this installation. Raises `ConfigError`."""
        return load_settings(self.config, known=extend_settings)

    def print_answer(self, value: Any, text: str) -> None:
        """Print a verb's answer: `value` as JSON with `--json`, else `text`."""
        if self.json:
            print_json(value)
        else:
            print(text)


InjectedOptions = Annotated[GlobalOptions, Parameter(parse=False)]
"""A verb with a parameter of this type receives the options."""
