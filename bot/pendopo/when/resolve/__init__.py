"""From what was said to values: days, clocks, ranges, repetitions."""
