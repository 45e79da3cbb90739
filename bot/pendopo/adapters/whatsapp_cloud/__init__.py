"""WhatsApp through Meta's Cloud API: official buttons, in private chats only. Importing this loads no HTTP client."""

from pendopo.adapters.whatsapp_cloud.adapter import WhatsAppCloud

__all__ = ["WhatsAppCloud"]
