"""A site under load for minutes, with a shop that fails half of the time: `make soak`."""
