"""What stands in a tenant's tables: the register of all columns, and rows with everything sealed in them opened."""
