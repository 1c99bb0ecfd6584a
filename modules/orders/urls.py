from django.urls import path

from modules.orders.data import Register
from modules.orders.views import books, order, texts
from modules.orders.views.books import of_book

app_name = "orders"
urlpatterns = [
    path("", books.index, name="book"),
    *(path(f"{one}/", of_book(one, books.book), {"register": one}, name=f"book_{one}") for one in Register),
    *(
        path(f"{one}/excel/", of_book(one, books.excel_list), {"register": one}, name=f"excel_{one}")
        for one in Register
    ),
    *(
        path(f"{one}/print/", of_book(one, books.printed), {"register": one}, name=f"print_{one}")
        for one in Register
    ),
    path("new/", books.new, name="new"),
    path("numbers/", books.begin_numbers, name="begin_numbers"),
    path("texts/", texts.index, name="texts"),
    path("texts/<str:kind>/<str:language>/", texts.text, name="text"),
    path("texts/<str:kind>/<str:language>/take/", texts.take, name="take_text"),
    path("texts/<str:kind>/<str:language>/given/", texts.give_back, name="given_text"),
    path("texts/<str:kind>/<str:language>/file/", texts.download, name="text_file"),
    path("texts/<str:kind>/<str:language>/file/<uuid:template_id>/", texts.download, name="old_text_file"),
    path("<uuid:order_id>/", order.show, name="order"),
    path("<uuid:order_id>/save/", order.save, name="save"),
    path("<uuid:order_id>/people/", order.people, name="people"),
    path("<uuid:order_id>/lines/new/", order.line, name="line"),
    path("<uuid:order_id>/lines/<uuid:line_id>/", order.line, name="edit_line"),
    path("<uuid:order_id>/lines/<uuid:line_id>/drop/", order.drop, name="drop"),
    path("<uuid:order_id>/submit/", order.submit, name="submit"),
    path("<uuid:order_id>/sign/", order.sign, name="sign"),
    path("<uuid:order_id>/discard/", order.discard, name="discard"),
    path("<uuid:order_id>/cancel/", order.cancel, name="cancel"),
    path("<uuid:order_id>/paper/", order.paper, name="paper"),
    path("<uuid:order_id>/word/", order.word_file, name="word"),
]
