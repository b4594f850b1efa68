"""Money in the reader's language, and which price reductions may be announced."""
