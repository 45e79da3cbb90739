"""What people do on their phones, as the gateway's events tell it (GOWS)."""

import re
from collections.abc import Sequence
from typing import Any

from .server import ME, MY_LID, Bubble, Waha


class People:
    """A private chat has the id of its person; in a group people are named by `lid` where they have one."""

    def __init__(self, waha: Waha, hidden: dict[str, str] | None = None, tells: bool = True) -> None:
        self._waha = waha
        self.hidden = hidden or {}
        self.tells = tells
        """Whether events have the phone beside the hidden number, as most do."""

    def says(
        self,
        who: str,
        chat: str,
        text: str = "",
        *,
        reply_to: str = "",
        files: Sequence[bytes] = (),
        place: tuple[float, float] | None = None,
        album: str = "",
        under_last: bool = False,
    ) -> str:
        """Say something; returns the id of the last message. Several files are an album, with the text under one of them."""
        album = album or (self._waha.new_id() if len(files) > 1 else "")
        last, captioned = "", len(files) - 1 if under_last else 0
        for number, data in enumerate(files or [None]):
            bubble = self._bubble(who, chat, text if number == captioned or not files else "")
            if data is not None:
                bubble.file, bubble.file_name = data, f"{bubble.id}.png"
                self._waha.files[bubble.file_name] = data
            payload = self._waha.payload(bubble, **self._data(who, chat, bubble, album))
            if place is not None:
                payload["location"] = {"latitude": str(place[0]), "longitude": str(place[1]), "live": False}
            if reply_to:
                payload["replyTo"] = {"id": reply_to, "participant": MY_LID, "body": "…", "hasMedia": False}
            self._waha.owe("message", payload)
            last = bubble.full
        return last

    def votes(self, who: str, chat: str, poll: str, *options: str) -> None:
        """Vote in a poll of the bot's."""
        asked = next(each for each in self._waha.chats[chat] if each.id == poll)
        chosen = [each for each in asked.options if re.sub(r"^\d+\. ", "", each) in options]
        bubble = self._bubble(who, chat, "")
        vote: dict[str, Any] = {"id": bubble.full, "from": who, "fromMe": False, "to": "me", "selectedOptions": chosen}
        if bubble.participant:
            vote |= {"from": chat, "participant": bubble.participant}
        vote["timestamp"] = bubble.at
        self._waha.owe("poll.vote", {"vote": vote, "poll": {"id": asked.full, "to": chat, "from": ME, "fromMe": True}})

    def _bubble(self, who: str, chat: str, text: str) -> Bubble:
        group = chat.endswith("@g.us")
        bubble = Bubble(self._waha.new_id(), chat if group else who, False, self._waha.tick(), text)
        bubble.participant = self.hidden.get(who, who) if group else ""
        self._waha.chats.setdefault(bubble.chat, []).append(bubble)
        return bubble

    def _data(self, who: str, chat: str, bubble: Bubble, album: str) -> dict[str, Any]:
        info: dict[str, Any] = {"Chat": chat, "ID": bubble.id, "PushName": "Rina", "Sender": bubble.participant or who}
        if bubble.participant.endswith("@lid") and self.tells:
            info |= {"SenderAlt": who.replace("@c.us", "@s.whatsapp.net"), "AddressingMode": "lid"}
        message: dict[str, Any] = {}
        if f"@{MY_LID.partition('@')[0]}" in bubble.text:
            message["extendedTextMessage"] = {"text": bubble.text, "contextInfo": {"mentionedJID": [MY_LID]}}
        if album:
            message["messageContextInfo"] = {"messageAssociation": {"associationType": 1, "parentMessageKey": {"ID": album}}}
        return {"Info": info, "Message": message}
