"""Stored files: the folder, the bucket, and what messengers delivered."""
