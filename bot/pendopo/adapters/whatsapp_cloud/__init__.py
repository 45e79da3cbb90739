"""WhatsApp Cloud API: Meta's own, with official buttons, one to one. Importing it loads no HTTP client."""

from pendopo.adapters.whatsapp_cloud.adapter import WhatsAppCloud

__all__ = ["WhatsAppCloud"]
