"""Users of a site's own."""
