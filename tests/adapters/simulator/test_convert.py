"""From deliveries of the simulator to events."""

from pendopo.adapters.simulator import Simulator
from pendopo.model import Location, Message

from .bench import RINA, Taker, make_photo, make_simulator


async def test_convert_is_pure_and_needs_nothing_but_the_delivery() -> None:
    host = Taker()
    await make_simulator(host).say("rina", "rina", "halo")
    stranger = Simulator([], [])
    assert stranger.convert(host.taken[0]) == stranger.convert(host.taken[0])
    [message] = stranger.convert(host.taken[0])
    assert message.chat == RINA


async def test_naming_the_bot_addresses_it_and_naming_a_person_mentions_them() -> None:
    host = Taker()
    sim = make_simulator(host)
    await sim.say("rina", "forum", "@pendopo tolong ingatkan @Dewi Anggraeni dan @dewi")
    await sim.say("rina", "forum", "surel: rina@dewimail, @dewinta")
    first, second = (sim.convert(each)[0] for each in host.taken)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.addressed
    assert [(m.text, m.alias) for m in first.mentions] == [("@Dewi Anggraeni", "simulator:dewi"), ("@dewi", "simulator:dewi")]
    assert not second.addressed
    assert second.mentions == ()


async def test_photos_sent_together_are_one_album_with_the_words_on_the_first() -> None:
    host = Taker()
    sim = make_simulator(host)
    await sim.say("rina", "forum", "jalan rusak", [make_photo(), make_photo(b"\xff\xd8\xff..")])
    first, second = (sim.convert(each)[0] for each in host.taken)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.album == second.album == host.taken[0].album == host.taken[1].album != ""
    assert (first.text, second.text) == ("jalan rusak", "")
    assert [a.kind for a in (*first.attachments, *second.attachments)] == ["photo", "photo"]
    assert len(sim.screen("dewi", "forum").bubbles) == 1
    assert b"".join([piece async for piece in sim.download(second.attachments[0])]) == b"\xff\xd8\xff.."


async def test_a_single_photo_is_no_album_and_a_place_is_a_place() -> None:
    host = Taker()
    sim = make_simulator(host)
    await sim.say("rina", "rina", "", [make_photo()])
    await sim.say("rina", "rina", "", location=(-6.9, 107.6, "Balai Kota"))
    first, second = (sim.convert(each)[0] for each in host.taken)
    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.album == ""
    assert second.location == Location(-6.9, 107.6, "Balai Kota")
