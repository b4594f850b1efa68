"""`/styleguide/`: every element in every layout and state, made of blocks and no stored content."""
