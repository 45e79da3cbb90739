"""What the bot says fits what WhatsApp takes, and is shown as it was meant."""

import asyncio

import pytest
from pendopo.adapters.whatsapp_cloud.payloads import make_payloads
from pendopo.errors import PermanentSendError, TemporarySendError, UnknownOutcomeError
from pendopo.model import Album, Chat, ChatKind, Document, Photo, Poll, Text

from .bench import JPEG
from .conftest import CHAT, Lab, words
from .graph import error, make_answer
from .people import BUDI, GROUP
from .wire import Answer


async def test_a_text_names_its_reader_its_tracker_and_what_it_quotes(lab: Lab) -> None:
    [asked] = lab.take(lab.people.says(BUDI, "/izin"))
    wamid = await lab.say("Kapan?", "key-1", reply_to=asked.key)
    assert lab.last.wamid == wamid
    assert lab.last.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": BUDI.phone,
        "type": "text",
        "text": {"body": "Kapan?", "preview_url": False},
        "context": {"message_id": asked.key},
        "biz_opaque_callback_data": "key-1",
    }
    assert lab.graph.calls[-1].path == "/v23.0/106540352242922/messages"


async def test_what_is_quoted_may_be_gone(lab: Lab) -> None:
    await lab.say("Kapan?", reply_to="wamid.gone")
    assert "context" not in lab.last.body


async def test_a_user_id_and_a_group_are_named_as_such(lab: Lab) -> None:
    for chat in (Chat("whatsapp_cloud", "ID.1"), Chat("whatsapp_cloud", GROUP, ChatKind.GROUP)):
        lab.lender.heard[chat.id] = lab.clock.now()
        await lab.say("halo", chat=chat)
    user, group = lab.graph.messages
    assert (user.body["recipient"], "to" in user.body) == ("ID.1", False)
    assert (group.body["recipient_type"], group.body["to"]) == ("group", GROUP)


@pytest.mark.parametrize("nobody", ["unknown", "", "budi", "../media", "62812/../x"])
async def test_a_chat_of_nobody_is_refused_without_a_call(lab: Lab, nobody: str) -> None:
    lab.lender.heard[nobody] = lab.clock.now()
    with pytest.raises(PermanentSendError):
        await lab.say("halo", chat=Chat("whatsapp_cloud", nobody))
    assert lab.graph.calls == []


async def test_a_picture_is_uploaded_once_in_its_lifetime(lab: Lab) -> None:
    blob = lab.lender.keep(JPEG)
    for n in range(3):
        await lab.say(Photo(blob, words("Lubang")), f"k{n}")
    assert lab.graph.uploads == 1
    lab.lender.heard[BUDI.phone] = lab.clock.now()
    lab.clock.move_to(lab.clock.now().replace(month=11))
    lab.take(lab.people.says(BUDI, "halo"))
    await lab.say(Photo(blob, words("Lubang")), "k9")
    assert lab.graph.uploads == 2


async def test_a_picture_the_platform_forgot_is_uploaded_again(lab: Lab) -> None:
    blob = lab.lender.keep(JPEG)
    await lab.say(Photo(blob), "k1")
    lab.graph.media.clear()
    await lab.say(Photo(blob), "k2")
    assert (lab.graph.uploads, len(lab.graph.messages)) == (2, 2)


async def test_what_is_no_picture_for_whatsapp_is_a_document(lab: Lab) -> None:
    await lab.say(Photo(lab.lender.keep(b"RIFF....WEBPVP8 "), name="a.webp"), "k1")
    await lab.say(Photo(lab.lender.keep(JPEG + b"x" * 5_000_000)), "k2")
    await lab.say(Document(lab.lender.keep(b"%PDF-1.7"), "surat é.pdf", mime="application/pdf"), "k3")
    assert [sent.body["type"] for sent in lab.graph.messages] == ["document"] * 3
    assert lab.last.body["document"]["filename"] == "surat é.pdf"


async def test_an_empty_file_is_refused_before_it_is_sent(lab: Lab) -> None:
    with pytest.raises(PermanentSendError):
        await lab.say(Document(lab.lender.keep(b""), "x"))
    assert lab.graph.calls == []


@pytest.mark.parametrize("content", [Text(), words(" \n"), Poll(words("?"), ()), Album(()), words("x", *map(str, range(11)))])
def test_what_whatsapp_cannot_say_is_refused(content: Text) -> None:
    with pytest.raises(PermanentSendError):
        make_payloads(content)


async def test_nothing_is_changed_in_place(lab: Lab) -> None:
    assert not lab.adapter.capabilities(CHAT).edit
    with pytest.raises(PermanentSendError):
        await lab.adapter.edit(CHAT, "wamid.x", words("x"))


async def test_typing_and_touches_are_seen(lab: Lab) -> None:
    await lab.adapter.show_typing(CHAT)
    assert lab.graph.reads == []
    [written] = lab.take(lab.people.says(BUDI, "halo"))
    await lab.adapter.show_typing(CHAT)
    await lab.adapter.answer_press(written.key, "")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": written.key}
    assert lab.graph.reads == [{**read, "typing_indicator": {"type": "text"}}]  # which is read already
    [touched] = lab.take(lab.people.says(BUDI, "ya"))
    await lab.adapter.answer_press(touched.key, "")
    assert lab.graph.reads[1:] == [{**read, "message_id": touched.key}]
    lab.graph.known.clear()
    await lab.adapter.show_typing(CHAT)
    await lab.adapter.answer_press("wamid.old", "")


async def test_what_is_answered_is_read_once(lab: Lab) -> None:
    [written] = lab.take(lab.people.says(BUDI, "halo"))
    for number in range(2):
        await lab.say("halo juga", f"k{number}")
        while lab.adapter._courtesy._tasks:
            await asyncio.sleep(0)
    assert [each["message_id"] for each in lab.graph.reads] == [written.key]


async def test_a_repeat_goes_on_where_the_first_attempt_stopped(lab: Lab) -> None:
    long = words("kata " * 600, "Ya")
    lab.graph.faults.extend([None, error(131000, 500)])
    with pytest.raises(TemporarySendError):
        await lab.say(long)
    await lab.say(long)
    assert [sent.body["biz_opaque_callback_data"] for sent in lab.graph.messages] == ["k1+0", "k1"]


async def test_a_repeat_that_says_something_else_begins_anew(lab: Lab) -> None:
    lab.graph.faults.extend([None, Answer(0, lost=True)])
    with pytest.raises(UnknownOutcomeError):
        await lab.say(words("kata " * 600, "Ya"))
    await lab.say(words("(ulang) " + "kata " * 600, "Ya"))
    assert [sent.body["biz_opaque_callback_data"] for sent in lab.graph.messages] == ["k1+0", "k1+0", "k1"]


async def test_an_answer_that_comes_too_late_may_have_been_a_yes(lab: Lab) -> None:
    hurried = lab.make(patience=0.3)
    await hurried.send(CHAT, words("satu"), "k1")
    late = asyncio.Event()
    lab.graph.slow.append(late)
    with pytest.raises(UnknownOutcomeError):
        await hurried.send(CHAT, words("dua"), "k2")
    late.set()
    assert [sent.words for sent in lab.graph.messages] == ["satu", "dua"]


async def test_a_lost_answer_can_be_found_again_by_its_tracker(lab: Lab) -> None:
    lab.graph.lost.append(None)
    with pytest.raises(UnknownOutcomeError):
        await lab.say("halo", "key-1")
    [report] = lab.events(lab.graph.status(lab.last, "delivered"))
    assert report.raw["biz_opaque_callback_data"] == "key-1"


async def test_a_yes_without_a_name_is_no_yes(lab: Lab) -> None:
    for answer in (make_answer(messages=[]), make_answer(messages=[{}]), make_answer(messages="x"), make_answer()):
        lab.graph.faults.append(answer)
        with pytest.raises(UnknownOutcomeError):
            await lab.say("halo")
