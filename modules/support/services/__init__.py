"""The two sides: asking at the vendor, answering in the school."""
