"""How the product is run and shown to hold: what an operator starts beside it."""
