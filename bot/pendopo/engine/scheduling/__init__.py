"""Reminders and cron lines, claimed when they are due."""
