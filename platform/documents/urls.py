from django.urls import path

from documents import views
from documents.signing import phone_views as phones
from documents.signing import views as signing

app_name = "documents"
urlpatterns = [
    path("", views.issued, name="issued"),
    path("<uuid:document_id>/", views.document, name="document"),
    path("sign/<uuid:signature_id>/", signing.sign, name="sign"),
    path("sign/<uuid:signature_id>/cms/", signing.take, name="take_signature"),
    path("sign/<uuid:signature_id>/phone/", phones.show, name="show_to_phone"),
    path("sign/<uuid:signature_id>/phone/state/", phones.look, name="look_at_phone"),
    path("phone/<str:token>/", phones.phone, name="phone"),
    path("phone/<str:token>/document/", phones.phone_document, name="phone_document"),
    path("signed/<uuid:document_id>/", signing.signed, name="signed"),
    path("signed/<uuid:document_id>/file/", signing.frozen_file, name="frozen_file"),
    path("signed/<uuid:document_id>/<uuid:signature_id>/cms/", signing.cms_file, name="cms_file"),
]
