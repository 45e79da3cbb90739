"""Reports: submitted, worked on, corrected."""
