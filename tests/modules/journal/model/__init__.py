"""A model of the journal's cells, of people and of their devices, and random stories told to it and to the product."""
