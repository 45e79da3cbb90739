"""What keeps a bot well: health of plugins, retention, erasure, gauges, its own audit lines."""
