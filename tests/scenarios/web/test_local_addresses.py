"""An address on this machine goes to nobody who sits elsewhere."""

import pytest
from pendopo.config import Settings
from pendopo.testing import Story
from pendopo_akun import plugin as akun


class Faraway(Story):
    """A story whose messenger is one on a phone."""

    async def start(self) -> None:
        self.messenger.local = False
        await super().start()


@pytest.mark.parametrize("profile", ["telegram", "whatsapp", "whatsapp_group"])
async def test_a_phone_is_given_no_address_of_this_machine(profile: str) -> None:
    async with Faraway([akun], profile=profile) as story:
        await story.sekda.says("/masuk")
        assert len(story.sekda.messages) == 1
        story.sekda.does_not_see("127.0.0.1")


async def test_a_phone_is_given_the_public_address() -> None:
    public = Settings.model_validate({"web": {"public_url": "https://pendopo.example.go.id"}})
    async with Faraway([akun], settings=public) as story:
        await story.sekda.says("/masuk")
        story.sekda.sees("https://pendopo.example.go.id/masuk/")


async def test_who_sits_at_this_machine_is_given_its_address() -> None:
    async with Story([akun]) as story:
        await story.sekda.says("/masuk")
        story.sekda.sees("http://127.0.0.1:8080/masuk/")
