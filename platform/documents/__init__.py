"""Printed forms: declared once, printed by typst, numbered in a register, kept in an archive."""

from documents.registry import form

__all__ = ["form"]
