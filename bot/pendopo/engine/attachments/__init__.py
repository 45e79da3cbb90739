"""Files on their way in: fetched early, inspected, stored."""
