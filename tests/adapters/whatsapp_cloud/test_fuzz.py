"""Whatever is in a signed webhook: it is taken or refused, and what cannot be read says so in words."""

import copy
import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pendopo.errors import InvalidWebhookError
from pendopo.model import Event

from tests.oddities import places

from .conftest import Lab
from .people import BUDI, encoded, envelope, headers

FOLDER = Path(__file__).parent / "webhooks"
SAMPLES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.iterdir())}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "\0",
    "😀",
    "\ud800",
    [],
    {},
    [None],
    {"id": 1},
    "9" * 600,
    float("nan"),
]


def mutated(sample: Any, dice: random.Random) -> Any:
    """The sample with a few things removed, replaced, doubled or swapped."""
    found = copy.deepcopy(sample)
    for _ in range(dice.randint(1, 4)):
        path = dice.choice([path for path in places(found) if path] or [()])
        if not path:
            return dice.choice(ODD)
        parent = found
        for step in path[:-1]:
            parent = parent[step]
        what = dice.random()
        if what < 0.35:
            del parent[path[-1]]
        elif what < 0.8:
            parent[path[-1]] = copy.deepcopy(dice.choice(ODD))
        elif isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
        else:
            parent[dice.choice(["id", "type", "from", "text", "errors"])] = parent[path[-1]]
    return found


def read(lab: Lab, body: bytes) -> list[Event]:
    """Take a body and convert all of it; only readable complaints are allowed."""
    try:
        taken = lab.adapter.receive(body, headers(body))
    except InvalidWebhookError:
        return []
    events: list[Event] = []
    for incoming in taken:
        # All of these are columns of the inbox, in every database.
        assert all("\0" not in part and part.isascii() for part in (incoming.key, incoming.kind, incoming.chat, incoming.album))
        assert incoming.key
        assert incoming.chat
        incoming.body.decode("utf-8")
        with suppress(ValueError):
            events += lab.adapter.convert(incoming)
            lab.explain_skip(incoming)
    return events


@pytest.mark.parametrize("name", sorted(SAMPLES))
async def test_mutations_of_an_example_are_taken_or_refused_and_read_or_complained_of(lab: Lab, name: str) -> None:
    dice = random.Random(name)
    for _ in range(300):
        read(lab, json.dumps(mutated(SAMPLES[name], dice)).encode())


@pytest.mark.parametrize("kind", ["sent", "failed"])
async def test_mutated_statuses_are_read_or_complained_of(lab: Lab, kind: str) -> None:
    await lab.say("halo")
    pricing = {"billable": True, "category": "service"}
    sample = envelope(lab.graph.status(lab.last, kind, code=131047 if kind == "failed" else 0, pricing=pricing))
    dice = random.Random(kind)
    for _ in range(300):
        read(lab, json.dumps(mutated(sample, dice)).encode())


async def test_mutations_of_everything_else_people_do_are_read_or_complained_of(lab: Lab) -> None:
    inner = {"type": "text", "text": {"body": "x"}}
    samples = [
        envelope(lab.people.shows(BUDI, b"1", "a")),
        envelope(lab.people.value(BUDI, "edit", {"original_message_id": "wamid.Q", "message": inner})),
        envelope(lab.people.value(BUDI, "contacts", [{"vcard": "FN:Rina\nTEL:1"}])),
        envelope(lab.people.value(BUDI, "system", {"type": "user_changed_user_id", "user_id": "ID.1"})),
        envelope({"messaging_product": "whatsapp", "message_echoes": [{}]}, field="smb_message_echoes"),
    ]
    dice = random.Random(1)
    for sample in samples * 60:
        read(lab, json.dumps(mutated(sample, dice)).encode())


async def test_bytes_that_are_no_webhook_are_refused(lab: Lab) -> None:
    dice = random.Random(2)
    whole = encoded(envelope(lab.people.says(BUDI, "halo 😀")))
    for _ in range(300):
        body = bytearray(whole)
        for _ in range(dice.randint(1, 5)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        read(lab, bytes(body[: dice.randint(0, len(body))] if dice.random() < 0.3 else body))
