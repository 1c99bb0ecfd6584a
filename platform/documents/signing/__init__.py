"""Signing with ЭЦП: frozen documents, signatures under them, and how a signature is verified (decision 0019)."""
