from django.urls import path

from registers import views

app_name = "registers"
urlpatterns = [
    path("undo/<uuid:act_id>/", views.undo, name="undo"),
    path("<str:code>/columns/", views.columns, name="columns"),
    path("<str:code>/views/", views.save_view, name="save_view"),
    path("<str:code>/views/<uuid:view_id>/", views.change_view, name="change_view"),
    path("<str:code>/views/<uuid:view_id>/remove/", views.remove_view, name="remove_view"),
    path("<str:code>/views/<uuid:view_id>/restore/", views.restore_view, name="restore_view"),
    path("<str:code>/views/<uuid:view_id>/first/", views.first_view, name="first_view"),
]
