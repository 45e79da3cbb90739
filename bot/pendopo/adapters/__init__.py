"""One folder a messenger. An adapter knows its messenger and the contract, and nothing else of Pendopo."""
