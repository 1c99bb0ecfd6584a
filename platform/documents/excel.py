"""Workbooks, for those who stand above documents; they are written where lists are, a storey lower."""

from registers.excel import MEDIA_TYPE, PLAIN, Column, Sheet, attachment, response, workbook

__all__ = ["MEDIA_TYPE", "PLAIN", "Column", "Sheet", "attachment", "response", "workbook"]
