"""The dashboard's own pages, and the routes that serve those of plugins."""
