"""Routes by kind of tenant; modules are named by dotted path only."""
