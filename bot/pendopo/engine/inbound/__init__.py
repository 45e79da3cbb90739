"""From a delivery to a committed handler: inbox, dispatcher, resolver, invocation and commit."""
