"""Database migrations of the package's models."""
