"""Claims reminders and cron jobs when they are due."""
