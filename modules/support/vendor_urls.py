"""At the vendor: its requests to schools."""

from django.urls import path

from modules.support.views import vendor

app_name = "desk"
urlpatterns = [
    path("", vendor.index, name="index"),
    path("ask/", vendor.find, name="find"),
    path("ask/<slug:code>/", vendor.ask, name="ask"),
    path("<uuid:support_id>/", vendor.show, name="show"),
    path("<uuid:support_id>/withdraw/", vendor.withdraw, name="withdraw"),
    path("<uuid:support_id>/enter/", vendor.way_in, name="way_in"),
]
