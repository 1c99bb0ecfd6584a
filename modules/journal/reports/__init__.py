"""Reports on marks: achievement and quality, analysis of works, a class's quarter, a teacher's years, filling."""
