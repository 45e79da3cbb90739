"""The pages of the dashboard that are not a plugin's."""
