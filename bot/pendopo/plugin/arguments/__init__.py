"""The signature is the grammar: the types of arguments, and how a text is bound to them."""
