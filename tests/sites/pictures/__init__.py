"""Images of a site's own."""
