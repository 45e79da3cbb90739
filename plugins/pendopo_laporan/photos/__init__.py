"""Photos of reports: files, duplicates, the gallery."""
