"""The magazine: its pages, its look and its demonstration content."""
