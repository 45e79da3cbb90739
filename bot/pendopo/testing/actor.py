"""The people of stories, who write, press buttons and read messages."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from pendopo.engine.app import App
from pendopo.model import Attachment, Location, Mention
from pendopo.testing.dashboard_page import DashboardPage, open_page
from pendopo.testing.messenger import MemoryMessenger, NativeDelivery, ShownMessage

GROUP = "forum"
"""The id of the group with all people of a story."""


class Stage(Protocol):
    """What actors need of a story."""

    @property
    def app(self) -> App: ...

    async def deliver(self, *natives: NativeDelivery, messenger: MemoryMessenger | None = None) -> None:
        """Deliver to the bot and wait until it is idle."""


class ChatView:
    """A chat as its members see it."""

    def __init__(self, messenger: MemoryMessenger, chat: str) -> None:
        self.messenger = messenger
        self.chat = chat

    @property
    def messages(self) -> list[ShownMessage]:
        """The bot's messages in this chat, oldest first, in their current state."""
        return [shown for shown in self.messenger.screen if shown.chat == self.chat]

    @property
    def last(self) -> ShownMessage:
        """The bot's newest message. Fails when there is none."""
        assert self.messages, f"the bot has said nothing in {self.chat}"  # noqa: S101  this is a test kit
        return self.messages[-1]

    def sees(self, *texts: str) -> ShownMessage:
        """Return the newest message with all these texts. Fails with the transcript when there is none."""
        for shown in reversed(self.messages):
            if all(text in shown.text for text in texts):
                return shown
        raise AssertionError(f"nobody sees {texts} in {self.chat}; there is:\n{self.transcript()}")

    def does_not_see(self, text: str) -> None:
        """Fail when a message contains this text."""
        found = [shown for shown in self.messages if text in shown.text]
        assert not found, f"{text!r} is in {self.chat}:\n{found[0].text}"  # noqa: S101  this is a test kit

    def transcript(self) -> str:
        """All messages of the bot in this chat, with their buttons, as text."""
        lines = []
        for shown in self.messages:
            buttons = " ".join(f"[{choice.title}]" for choice in shown.buttons)
            lines.append(f"Bot: {shown.text}" + (f"\n     {buttons}" if buttons else ""))
        return "\n".join(lines) or "(nothing)"


class Actor(ChatView):
    """A person with a phone. As a `ChatView` it is their private chat with the bot."""

    def __init__(self, stage: Stage, messenger: MemoryMessenger, name: str) -> None:
        super().__init__(messenger, name)
        self._stage = stage
        self.name = name

    async def says(
        self,
        text: str = "",
        *,
        group: bool = False,
        to: ShownMessage | None = None,
        mention: bool = False,
        photos: Sequence[bytes] = (),
        mentions: Mapping[str, str] | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        place: Location | None = None,
        forwarded: bool = False,
    ) -> None:
        """Write in the private chat or the `group`, replying `to` a message; `mention` names the bot, `mentions` name people
        (shown name: account). `photos`, `files` (name, bytes; sent as documents) and a `place` may come along. `forwarded`: the
        words are somebody else's, passed on."""
        natives = self._make_deliveries(text, group, to, mention, photos, mentions or {}, files, place)
        for native in natives:
            native.forwarded = forwarded
        await self._stage.deliver(*natives, messenger=self.messenger)

    async def presses(self, label: str, *, on: ShownMessage | None = None, group: bool = False, seconds_ago: float = 0) -> None:
        """Press the newest button with this label; where there are no buttons, reply with its number. Fails without either.

        `seconds_ago`: what is pressed is what stood on the screen then, as by somebody whom a later change did not reach yet.
        """
        wall: ChatView = ChatView(self.messenger, GROUP) if group else self
        candidates = [on] if on else list(reversed(wall.messages))
        if seconds_ago:
            then = self._stage.app.clock.now() - timedelta(seconds=seconds_ago)
            candidates = [old for shown in candidates if (old := shown.as_of(then)) is not None]
        for shown in candidates:
            for choice in shown.buttons:
                if choice.title == label:
                    await self.presses_token(choice.token, shown, group)
                    return
            number = _find_number(shown.text, label)
            if number:
                await self.says(number, group=group, to=shown)
                return
        raise AssertionError(f"there is no button {label!r} in {wall.chat}:\n{wall.transcript()}")

    async def presses_token(self, token: str, shown: ShownMessage, group: bool = False) -> None:
        """Send a button's token, real or forged."""
        await self._stage.deliver(self._make_delivery(group, token=token, message=shown.id), messenger=self.messenger)

    async def opens(self, address: str, *, whole: bool = False) -> DashboardPage:
        """Open a dashboard page by its path and query; `whole` with all rows, as for a recap."""
        return await open_page(self._stage.app, f"{self.messenger.name}:{self.name}", address, whole)

    @property
    def toast(self) -> str:
        """The last short answer to any press on this messenger, "" for none."""
        return self.messenger.toasts[-1][1] if self.messenger.toasts else ""

    def _make_delivery(self, group: bool, **more: Any) -> NativeDelivery:
        chat = GROUP if group else self.name
        return self.messenger.make_native(chat, not group, self.name, self._stage.app.clock.now(), name=self.name, **more)

    def _make_deliveries(
        self,
        text: str,
        group: bool,
        to: ShownMessage | None,
        mention: bool,
        photos: Sequence[bytes],
        naming: Mapping[str, str],
        documents: Sequence[tuple[str, bytes]] = (),
        place: Location | None = None,
    ) -> list[NativeDelivery]:
        messenger = self.messenger
        sent = [("photo", "", data) for data in photos] + [("document", name, data) for name, data in documents]
        files = []
        for number, (kind, name, data) in enumerate(sent):
            ref = f"f{len(messenger.files)}-{number}"
            messenger.files[ref] = data
            files.append(Attachment(kind, ref, name, size=len(data)))
        mentions = [Mention(shown, f"{messenger.name}:{account}") for shown, account in naming.items()]
        album = f"album-{len(messenger.files)}" if len(files) > 1 else ""
        first = self._make_delivery(
            group,
            text=text,
            reply_to=to.id if to else "",
            addressed=mention,
            files=files[:1],
            mentions=mentions,
            album=album,
            place=place,
        )
        return [first, *(self._make_delivery(group, files=[file], album=album) for file in files[1:])]


def _find_number(text: str, label: str) -> str:
    for line in text.splitlines():
        number, _, title = line.partition(". ")
        if number.isdecimal() and title == label:
            return number
    return ""
