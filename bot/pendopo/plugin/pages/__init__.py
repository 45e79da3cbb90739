"""The parts of a dashboard page, and the paths it is found under."""
