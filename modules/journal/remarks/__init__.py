"""Remarks of those who check journals (order 130): date, remark, the teacher's answer, the mark of execution."""
