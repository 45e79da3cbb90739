"""What may be said with every verb: which configuration, and whether the answer is for a machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pendopo.cli.discovery.adapters import extend_settings
from pendopo.config import Settings, load_settings


@dataclass(frozen=True)
class GlobalOptions:
    """`--config` and `--json`."""

    config: Path | None = None
    json: bool = False

    def load_settings(self) -> Settings:
        """The settings of this installation. Raises `ConfigError`."""
        return load_settings(self.config, known=extend_settings)


InjectedOptions = Annotated[GlobalOptions, Parameter(parse=False)]
"""A verb that names a parameter of this type is handed the options."""
