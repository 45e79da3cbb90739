"""Visiting cards are read."""

from pendopo.adapters.waha import Waha
from pendopo.model import Mention

from .events import convert_message

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Pak Bambang\\, Sekda\nTEL;type=CELL;waid=6281200000002:+62 812-0000-0002\nEND:VCARD"


async def test_visiting_cards_are_read(adapter: Waha) -> None:
    event = await convert_message(adapter, body=CARD, vCards=[CARD])
    assert event.text == "Pak Bambang, Sekda (+62 812-0000-0002)"
    assert event.mentions == (Mention("Pak Bambang, Sekda", "whatsapp:6281200000002"),)
