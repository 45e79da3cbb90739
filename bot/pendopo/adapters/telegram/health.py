"""The last known state of the connection to Telegram."""

from collections.abc import Callable

from pendopo.adapters.contract import AdapterHealth


class ConnectionHealth:
    """Counts the seconds since Telegram was last heard.

    A failed attempt is only noted, since networks recover; a fault stays until an operator acts.
    """

    def __init__(self, patience: float, monotonic: Callable[[], float]) -> None:
        self._patience, self._monotonic = patience, monotonic
        self._last: float | None = None
        self._trouble = self._failure = ""
        self.remark = ""
        """A hint for the operator while the connection is healthy."""

    def note_success(self) -> None:
        """Telegram answered as it should."""
        self._last = self._monotonic()
        self._trouble = self._failure = ""

    def note_seen(self) -> None:
        """Telegram was heard; this does not clear a fault."""
        self._last = self._monotonic()

    def note_failure(self, note: str) -> None:
        """An attempt failed."""
        self._failure = note

    def set_fault(self, note: str) -> None:
        """The bot cannot work until an operator acts."""
        self._trouble = note

    @property
    def health(self) -> AdapterHealth:
        """Healthy while Telegram was heard within `patience` seconds and no fault is set."""
        if self._last is None:
            return AdapterHealth(False, note=self._trouble or self._failure or "Telegram was not reached yet")
        seconds = round(self._monotonic() - self._last, 1)
        if self._trouble:
            return AdapterHealth(False, seconds, self._trouble)
        late = seconds > self._patience
        return AdapterHealth(
            not late, seconds, self._failure or (f"nothing from Telegram for {seconds:.0f} s" if late else self.remark)
        )
