"""Pages of orders: the books, one order, the texts."""
