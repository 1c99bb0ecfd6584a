"""The demo district: synthetic people only, through the product's own doors wherever there is one."""
