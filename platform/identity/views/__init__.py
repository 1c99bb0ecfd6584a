"""Pages of identity, by who opens them."""
