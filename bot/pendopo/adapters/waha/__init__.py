"""WhatsApp through a self-hosted WAHA gateway: groups and private chats, by webhook or websocket."""

from pendopo.adapters.waha.adapter import Waha

__all__ = ["Waha"]
