"""Report cards and the book of them: the marks of a school year by pupil, class and school."""
