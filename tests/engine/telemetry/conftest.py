"""A bot that echoes, is silent, or fails with a secret in what it says."""

from collections.abc import AsyncIterator

import pytest
import structlog
from pendopo import Context, Plugin
from pendopo.testing import Story

plugin = Plugin("gema", summary="Echoes", policy="anyone")
log = structlog.get_logger(__name__)


@plugin.command("gema")
async def gema(ctx: Context, teks: str) -> None:
    """Say it again."""
    log.info("asked for an echo", event_name="gema")
    await ctx.reply(teks)


@plugin.command("diam")
async def diam(ctx: Context) -> None:
    """Say nothing at all."""


@plugin.command("rusak")
async def rusak(ctx: Context) -> None:
    """Fail, with a secret in what it says."""
    raise ValueError("token=rahasia")


@pytest.fixture
async def story() -> AsyncIterator[Story]:
    async with Story([plugin], raises=False) as told:
        yield told
