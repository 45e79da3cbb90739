"""Lanes: the work of each chat in order, chats side by side, and which of several processes drains them."""
