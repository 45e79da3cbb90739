"""The public API as the author of an adapter uses it, for `mypy --strict`; it is never run. What is ignored, mypy must see."""

from typing import assert_type

from pendopo.adapters.contract import Adapter
from pendopo.adapters.messenger import Installation, Messenger
from pendopo.config import Options, Secret
from pendopo.testing import MemoryMessenger


class SmsOptions(Options):
    """`[adapters.sms]`"""

    gateway: str
    secret: Secret


class OtherOptions(Options):
    """Those of another messenger."""

    address: str


def make(options: SmsOptions, installation: Installation) -> Adapter:
    """An adapter."""
    assert_type(options.secret.get_secret_value(), str)
    assert_type(installation.webhook, str)
    return MemoryMessenger("sms")


async def ask(options: SmsOptions, installation: Installation) -> str:
    """For the doctor."""
    return options.gateway


def number(options: SmsOptions, installation: Installation) -> int:
    """No adapter."""
    return 1


assert_type(Messenger(options=SmsOptions, make=make, check=ask), Messenger[SmsOptions])
Messenger(options=SmsOptions, make=number)  # type: ignore[arg-type]
Messenger(options=OtherOptions, make=make)  # type: ignore[arg-type]
Messenger(options=dict, make=make)  # type: ignore[arg-type, type-var]
