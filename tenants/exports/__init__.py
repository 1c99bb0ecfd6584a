"""A school in open formats: a folder that anybody can read without this product, and the way back into an empty tenant."""
