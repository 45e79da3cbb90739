"""Lanes: the work of one chat in order, beside that of others; and who may do it, of several processes."""
