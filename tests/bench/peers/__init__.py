"""Other packages' blocks, each measured in an environment of its own."""
