"""Pages of classes and pupils."""
