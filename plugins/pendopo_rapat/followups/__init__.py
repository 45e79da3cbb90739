"""Follow-ups of meetings, until they are done."""
