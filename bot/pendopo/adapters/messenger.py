"""Messengers from other distributions, named by an entry point of the group `pendopo.adapters`:

    [project.entry-points."pendopo.adapters"]
    sms = "pendopo_sms:messenger"

together with `messenger = Messenger(options=SmsOptions, make=Sms)`; an operator installs the package and writes
`[adapters.sms]`. The named module is imported for every command of the CLI if that section exists, so import large libraries
in `make`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic

from msgspec import Struct

from pendopo.adapters.contract import Adapter
from pendopo.config import OptionsT


class Installation(Struct, frozen=True):
    """Facts about the installation that an adapter is made for."""

    webhook: str = ""
    """The URL at which the messenger reaches the adapter; "" if the installation has no public address."""


@dataclass(frozen=True)
class Messenger(Generic[OptionsT]):
    """A messenger from another distribution."""

    options: type[OptionsT]
    """The section `[adapters.NAME]`, checked like all settings; `pendopo.config.Secret` fields stay out of logs and errors."""
    make: Callable[[OptionsT, Installation], Adapter]
    """Makes the adapter, whose `name` is that of the section. It opens nothing, since it is also called only to check."""
    check: Callable[[OptionsT, Installation], Awaitable[str]] | None = None
    """For `pendopo doctor`: returns a line on what works, or raises `OperatorError` with the remedy."""
