from django.urls import path

from documents import views
from documents.signing import views as signing

app_name = "documents"
urlpatterns = [
    path("", views.issued, name="issued"),
    path("<uuid:document_id>/", views.document, name="document"),
    path("sign/<uuid:signature_id>/", signing.sign, name="sign"),
    path("sign/<uuid:signature_id>/cms/", signing.take, name="take_signature"),
    path("signed/<uuid:document_id>/", signing.signed, name="signed"),
    path("signed/<uuid:document_id>/file/", signing.frozen_file, name="frozen_file"),
    path("signed/<uuid:document_id>/<uuid:signature_id>/cms/", signing.cms_file, name="cms_file"),
]
