"""Who is measured, and at which version: the one place where the versions stand."""

from dataclasses import dataclass
from pathlib import Path

CHILDREN = Path(__file__).parent / "children"


@dataclass(frozen=True)
class Peer:
    """A framework: what is installed for it, and the program that runs it. Without requirements it is this very source."""

    name: str
    program: str
    requirements: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Of the first requirement, which is the framework itself."""
        return self.requirements[0].partition("==")[2] if self.requirements else ""

    @property
    def folder(self) -> str:
        """What its environment is called: another set of versions is another environment."""
        return "+".join(need.replace("==", "-").replace("[", "-").replace("]", "") for need in self.requirements)

    @property
    def script(self) -> Path:
        return CHILDREN / self.program


PENDOPO = Peer("Pendopo", "on_pendopo.py")
PEERS = (
    PENDOPO,
    Peer("Pendopo, dispatch alone", "on_pendopo.py", arguments=("dispatch",)),
    Peer("python-telegram-bot", "on_ptb.py", ("python-telegram-bot==22.8",)),
    Peer("aiogram", "on_aiogram.py", ("aiogram==3.31.0",)),
    Peer("NoneBot2 + Telegram", "on_nonebot.py", ("nonebot2==2.5.0", "nonebot-adapter-telegram==0.1.0b20")),
    Peer("Errbot", "on_errbot.py", ("errbot[telegram]==6.2.1",)),
    Peer("pywa", "on_pywa.py", ("pywa==4.5.0",)),
)
