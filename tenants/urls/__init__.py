"""Routes of the hosts that are no school's: the portal, the family's host, the vendor's host."""
