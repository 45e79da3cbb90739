"""What may be said with every verb: which configuration, and whether the answer is for a machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bot.config import Settings, load

from .brought import knowing


@dataclass(frozen=True)
class Options:
    """`--config` and `--json`."""

    config: Path | None = None
    json: bool = False

    def settings(self) -> Settings:
        """The settings of this installation. Raises `ConfigError`."""
        return load(self.config, known=knowing)


Given = Annotated[Options, Parameter(parse=False)]
"""A verb that names a parameter of this type is handed the options."""
