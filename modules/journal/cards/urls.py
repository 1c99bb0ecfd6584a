from django.urls import path

from modules.journal.cards import views

urlpatterns = [
    path("", views.index, name="cards"),
    path("classes/<uuid:class_id>/", views.of_class, name="cards_of_class"),
    path("classes/<uuid:class_id>/cards.pdf", views.cards_pdf, name="cards_pdf"),
    path("classes/<uuid:class_id>/book.pdf", views.book_pdf, name="card_book_pdf"),
    path("classes/<uuid:class_id>/book.xlsx", views.book_excel, name="card_book_excel"),
    path("pupils/<uuid:pupil_id>/", views.card, name="card"),
    path("pupils/<uuid:pupil_id>/card.pdf", views.card_pdf, name="card_pdf"),
]
