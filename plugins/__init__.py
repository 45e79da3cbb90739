"""The plugins that ship with Pendopo; each is a value named `plugin` in a package of its own."""
