"""Districts, their boundaries and their map."""
