"""A bot with /laporan as a process of its own, to be killed: `python -m tests.chaos.photos_child PORT DATABASE DATA_DIR`."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pendopo.adapters.contract import Incoming
from pendopo.config import DirectorySettings, LimitSettings, Settings
from pendopo.engine.app import App
from pendopo.engine.clock import SystemClock
from pendopo.errors import TemporarySendError
from pendopo.model import Account, Attachment, Chat, Content, Event, Message, Photo, Text
from pendopo.store import open_database
from pendopo_laporan import plugin as laporan

from tests.chaos.adapter import ChaosAdapter

PEOPLE = 6


class PhotoAdapter(ChaosAdapter):
    """A client of a server that has files too."""

    def convert(self, incoming: Incoming) -> Sequence[Event]:
        update = json.loads(incoming.body)
        chat, account = Chat(self.name, update["chat"]), Account((f"chaos:{update['chat']}",))
        files = tuple(Attachment("photo", ref) for ref in update["files"])
        now = datetime.now(UTC)
        return [Message(key=incoming.key, chat=chat, at=now, account=account, text=update["text"], attachments=files)]

    async def download(self, attachment: Attachment) -> AsyncIterator[bytes]:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(json.dumps({"op": "file", "ref": attachment.ref}).encode() + b"\n")
            size = int(await reader.readline())
            while size:
                piece = await reader.read(min(size, 1024))
                if not piece:
                    raise TemporarySendError("half a file")
                size -= len(piece)
                yield piece
            writer.close()
        except (OSError, ValueError) as error:
            raise TemporarySendError(str(error)) from error

    async def send(self, chat: Chat, content: Content, key: str, reply_to: str = "") -> str:
        return await super().send(chat, Text() if isinstance(content, Photo) else content, key, reply_to)


def directory() -> str:
    posts = '[[unit]]\ncode = "kota"\nname = "Kota"\n'
    for number in range(PEOPLE):
        posts += f'[[post]]\ncode = "p{number}"\ntitle = "Lurah {number}"\nunit = "kota"\nroles = ["lurah"]\n'
        posts += f'[[person]]\nname = "Orang {number}"\nposts = ["p{number}"]\naccounts = ["chaos:c{number}"]\n'
    return posts


async def main(port: int, database: str, folder: str) -> None:
    file = Path(folder) / "directory.toml"
    settings = Settings(
        data_dir=folder, limits=LimitSettings(per_person=0, per_chat=0), directory=DirectorySettings(file=str(file))
    )
    app = App(settings, open_database(database), [PhotoAdapter(port)], [laporan], SystemClock())
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
