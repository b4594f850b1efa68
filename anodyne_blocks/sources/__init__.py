"""What is known of sources without a database, a block or a network: their names and notations."""
