"""Starts plugins, retries those that could not start, and asks plugins about their health."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from pendopo.config import redact_secrets
from pendopo.engine.contexts import ContextFactory
from pendopo.engine.lanes.lanes import cancel_tasks
from pendopo.engine.routing.gate import Fault
from pendopo.engine.runtime import Runtime
from pendopo.engine.telemetry.tracing import new_error_code
from pendopo.model import pick_delay
from pendopo.model.containers import BackgroundTasks
from pendopo.plugin import Plugin
from pendopo.plugin.values import PluginHealth

log = structlog.get_logger(__name__)
AGAIN = (5, 30, 120, 600)
"""Seconds before a plugin that could not start is tried again; the last one repeats."""
STOP_SECONDS = 10
"""How long the shutdown hook of a plugin may take."""
START_SECONDS = 10
ANSWER_SECONDS = 2
"""How long a plugin may take to start, and to report its health."""
FRESH_SECONDS = 10
"""How long an answer is reused: /readyz is open to all, and may be read often."""
LONGEST = 200
"""Letters of a plugin's own note that are shown."""
Prepare = Callable[[], None]


class PluginTimeoutError(Exception):
    """A plugin did not answer in time."""


class PluginMonitor:
    """Starts plugins and asks about their health. A failure of one does not affect the others."""

    def __init__(self, runtime: Runtime, contexts: ContextFactory) -> None:
        self._runtime = runtime
        self._contexts = contexts
        self._down = runtime.gate.degraded
        self._tasks = BackgroundTasks()
        self._preparing = asyncio.Lock()
        self._asking = asyncio.Lock()
        self._heard: tuple[int, dict[str, PluginHealth]] = (0, {})

    async def start_plugins(self, prepared: dict[str, tuple[Plugin, Prepare]]) -> None:
        """Starts all plugins at once; one that fails or takes too long is tried again later."""
        await asyncio.gather(*(self._start_plugin(plugin, prepare) for plugin, prepare in prepared.values()))

    async def idle(self) -> None:
        """Waits for the plugins that are being tried."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Stops trying to start plugins."""
        await cancel_tasks(list(self._tasks))

    async def stop_plugins(self) -> None:
        """Lets the plugins that work close what they opened."""
        plugins = [p for p in self._runtime.router.plugins.values() if "shutdown" in p.hooks and p.name not in self._down]
        await asyncio.gather(*(self._stop_plugin(plugin) for plugin in plugins))

    async def _stop_plugin(self, plugin: Plugin) -> None:
        try:
            async with asyncio.timeout(STOP_SECONDS):  # the engine's clock may stand still by now
                await plugin.hooks["shutdown"](self._contexts.open_for_plugin(plugin.name))
        except Exception as error:
            log.exception("a plugin could not stop in order", event_name="plugin_unstopped", plugin=plugin.name)
            self._runtime.gate.report_failure(error)

    async def _start_plugin(self, plugin: Plugin, prepare: Prepare) -> None:
        try:
            async with self._preparing:  # one at a time, off the event loop
                await asyncio.to_thread(prepare)
            if hook := plugin.hooks.get("startup"):
                await self._run_with_timeout(hook(self._contexts.open_for_plugin(plugin.name)), START_SECONDS)
        except Exception as error:
            self._record_fault(plugin, prepare, error)
        else:
            if self._down.pop(plugin.name, None) is not None:
                log.info("a plugin works again", event_name="plugin_recovered", plugin=plugin.name)

    def _record_fault(self, plugin: Plugin, prepare: Prepare, error: Exception) -> None:
        before = self._down.get(plugin.name)
        tries = before.tries + 1 if before else 1
        wait = pick_delay(AGAIN, tries - 1)
        fault = Fault(before.code if before else new_error_code(), tries, self._runtime.now_ms() + wait * 1000)
        self._down[plugin.name] = fault
        reason = self._runtime.redact_error(error)
        fields = {"plugin": plugin.name, "code": fault.code, "tries": tries, "again_in": wait, "error": reason}
        log.error("a plugin could not start and is tried again", event_name="plugin_degraded", exc_info=error, **fields)
        self._runtime.gate.report_failure(error)
        self._runtime.clock.call_at(fault.again_at, lambda: self._tasks.start(self._start_plugin(plugin, prepare)))

    # -- how they are --------------------------------------------------------------------------------------------

    async def check_health(self) -> dict[str, PluginHealth]:
        """Returns the health of the plugins that report it or could not start; a recent answer is reused."""
        async with self._asking:
            at, heard = self._heard
            if not heard or self._runtime.now_ms() - at >= FRESH_SECONDS * 1000:
                plugins = [p for p in self._runtime.router.plugins.values() if "health" in p.hooks and p.name not in self._down]
                answers = await asyncio.gather(*(self._ask_health(plugin) for plugin in plugins))
                heard = {plugin.name: answer for plugin, answer in zip(plugins, answers, strict=True)}
                self._heard = (self._runtime.now_ms(), heard)
        return {name: each for name, each in heard.items() if name not in self._down} | self._list_degraded()

    def _list_degraded(self) -> dict[str, PluginHealth]:
        now = self._runtime.now_ms()
        return {
            name: PluginHealth(False, f"could not start; tried again in {max(0, fault.again_at - now) // 1000} s", fault.code)
            for name, fault in self._down.items()
        }

    async def _ask_health(self, plugin: Plugin) -> PluginHealth:
        try:
            health = await self._run_with_timeout(
                plugin.hooks["health"](self._contexts.open_for_plugin(plugin.name)), ANSWER_SECONDS
            )
            if not isinstance(health, PluginHealth):
                raise TypeError(f"{plugin.name} says how it is by a Health, not by {health!r}")
        except Exception as error:
            code = new_error_code()
            fields = {"plugin": plugin.name, "code": code, "error": self._runtime.redact_error(error)}
            log.error("a plugin cannot say how it is", event_name="plugin_unwell", exc_info=error, **fields)
            self._runtime.gate.report_failure(error)
            late = isinstance(error, PluginTimeoutError)
            return PluginHealth(False, f"no answer within {ANSWER_SECONDS} s" if late else "its health hook failed", code)
        note = " ".join(redact_secrets(health.note, self._runtime.secrets).split())[:LONGEST]
        return PluginHealth(health.ok, note)

    async def _run_with_timeout(self, work: Awaitable[Any], seconds: int) -> Any:
        """Returns the result of work if it ends in time by the engine's clock; late work is cancelled and not awaited."""
        task = asyncio.ensure_future(work)
        late = asyncio.Event()
        timer = self._runtime.clock.call_at(self._runtime.now_ms() + seconds * 1000, late.set)
        waiting = asyncio.ensure_future(late.wait())
        try:
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            timer.cancel()
            waiting.cancel()
            task.cancel()
        raise PluginTimeoutError(f"it took longer than {seconds} seconds")
