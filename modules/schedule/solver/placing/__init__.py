"""The compiled search: places activities one by one, and lets those in the way leave and be placed anew."""
