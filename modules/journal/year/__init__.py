"""The school year in a journal: the annual mark, exams, works after a 2, and what becomes of the pupil."""
