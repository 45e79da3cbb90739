"""`pendopo run --reload`: a watcher, and the process it starts anew."""
