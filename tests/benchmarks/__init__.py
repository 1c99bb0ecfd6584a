"""Benchmarks: each prints its figure as a ratio to a floor taken in the same run, the two taking turns."""
