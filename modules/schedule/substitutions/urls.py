"""Addresses of substitutions, under the schedule's own."""

from django.urls import path

from modules.schedule.substitutions.views import board, book, own

_LESSON = "lessons/<uuid:substitution_id>/"

urlpatterns = [
    path("", board.board, name="board"),
    path("absent/", board.note_absence, name="note_absence"),
    path("absences/<uuid:absence_id>/", board.absence, name="absence"),
    path("absences/<uuid:absence_id>/cancel/", board.cancel_absence, name="cancel_absence"),
    path(_LESSON, board.substitution, name="substitution"),
    path(f"{_LESSON}assign/", board.assign, name="substitution_assign"),
    path(f"{_LESSON}ask/", board.ask, name="substitution_ask"),
    path(f"{_LESSON}join/", board.join, name="substitution_join"),
    path(f"{_LESSON}move/", board.move, name="substitution_move"),
    path(f"{_LESSON}cancel/", board.cancel, name="substitution_cancel"),
    path(f"{_LESSON}leave/", board.leave, name="substitution_leave"),
    path(f"{_LESSON}reopen/", board.reopen, name="substitution_reopen"),
    path("mine/", own.standing_in, name="standing_in"),
    path("questions/<uuid:question_id>/", own.answer, name="answer_question"),
    path("book/", book.book, name="book"),
    path("book/excel/", book.book_excel, name="book_excel"),
    path("book/pdf/", book.book_pdf, name="book_pdf"),
    path("book/<uuid:substitution_id>/", book.line, name="book_line"),
    path("hours/", book.hours, name="hours"),
]
