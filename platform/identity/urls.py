from django.urls import path

from identity.views import own, signing

app_name = "identity"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/code/", signing.second_step, name="second_step"),
    path("sign-in/forgotten/", signing.forgotten, name="forgotten"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("me/password/", signing.change_password, name="change_password"),
    path("me/", own.own, name="own"),
]
