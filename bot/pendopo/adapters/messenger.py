"""What another distribution brings: a messenger with its settings, named by an entry point of the group `pendopo.adapters`.

    [project.entry-points."pendopo.adapters"]
    sms = "pendopo_sms:messenger"

with `messenger = Messenger(options=SmsOptions, make=Sms)` is all it takes: an operator installs the package and writes
`[adapters.sms]`. What the entry point names is imported for every verb where that section is there; a large library is better
imported in `make`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic

from msgspec import Struct

from pendopo.adapters.contract import Adapter
from pendopo.config import OptionsT


class Installation(Struct, frozen=True):
    """What an adapter is told of the installation that it is for.

    `webhook` is the address at which the messenger reaches it; "" where the installation has no public address.
    """

    webhook: str = ""


@dataclass(frozen=True)
class Messenger(Generic[OptionsT]):
    """A messenger that another distribution brings.

    `options` is its section `[adapters.NAME]`: what is in there is checked as all settings are, and a field of the type
    `pendopo.config.Secret` is kept out of logs, errors and the database. `make` makes the adapter, whose `name` is that of the
    section; it opens nothing, since it is also called to check. `check`, where there is one, is what `pendopo doctor` does: it
    returns a line on what is right, and raises `OperatorError` with what to do where it is not.
    """

    options: type[OptionsT]
    make: Callable[[OptionsT, Installation], Adapter]
    check: Callable[[OptionsT, Installation], Awaitable[str]] | None = None
