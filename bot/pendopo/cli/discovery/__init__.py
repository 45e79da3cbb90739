"""Finding plugins and adapters: those that ship, those of other distributions, those in folders."""
