"""Periods that close by themselves some days after their end; teachers are told before."""
