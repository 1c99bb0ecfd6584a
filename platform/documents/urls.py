from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("", views.issued, name="issued"),
    path("<uuid:document_id>/", views.document, name="document"),
]
