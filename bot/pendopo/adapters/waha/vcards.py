"""Contact cards (vCard 3.0, RFC 2426): reads those people send, writes those the bot sends."""

import re

from msgspec import Struct

from pendopo.model import Contact, Mention

_NAME = re.compile(r"^FN[^:\r\n]*:(.+?)\r?$", re.MULTILINE)
_PHONE = re.compile(r"^(?:item\d+\.)?TEL([^:\r\n]*):(.+?)\r?$", re.MULTILINE)
_WAID = re.compile(r"waid=(\d+)")


class ContactCard(Struct, frozen=True):
    """A contact card: the name, the number as written, and the WhatsApp number (`waid`) if the card has one."""

    name: str
    phone: str
    waid: str = ""

    @property
    def text(self) -> str:
        """The card as "name (phone)"."""
        return f"{self.name} ({self.phone})" if self.phone else self.name

    @property
    def mention(self) -> Mention:
        """The person on the card; without a WhatsApp number the alias is ""."""
        return Mention(self.name, f"whatsapp:{self.waid}" if self.waid else "")


def parse_card(text: str) -> ContactCard:
    """Read the name and the first phone number of a vCard."""
    name, phone = _NAME.search(text), _PHONE.search(text)
    waid = _WAID.search(phone[1]) if phone else None
    return ContactCard(_unescape_text(name[1]) if name else "", phone[2].strip() if phone else "", waid[1] if waid else "")


def write_card(contact: Contact) -> str:
    """Write a contact as a vCard."""
    digits = re.sub(r"\D", "", contact.phone)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escape_text(contact.name)}"]
    lines.append(f"TEL;type=CELL;type=VOICE;waid={digits}:+{digits}")
    return "\n".join([*lines, "END:VCARD"])


def _escape_text(text: str) -> str:
    # A line break in a name would begin a new field, of the sender's choice.
    escaped = re.sub(r"([\\,;])", r"\\\1", text)
    return re.sub(r"[\r\n]+", " ", escaped)


def _unescape_text(text: str) -> str:
    return re.sub(r"\\([\\,;])", r"\1", text).strip()
