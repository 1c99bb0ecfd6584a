"""Copies of a tenant for trials: pseudonymised, without anything that was on its way, and with every door outward shut."""
