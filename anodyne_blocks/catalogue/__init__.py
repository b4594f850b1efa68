"""How products get in and stay fresh."""
