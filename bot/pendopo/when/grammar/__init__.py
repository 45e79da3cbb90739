"""From a text to what was said: tokens, patterns, nodes, expressions."""
