"""Management commands of the magazine."""
