"""The signature is the grammar: kinds of arguments, and how a text is bound to them."""
