from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("<slug:importer>/new/", views.upload, name="upload"),
    path("<slug:importer>/template/<str:language>/", views.template, name="template"),
    path("file/<uuid:batch_id>/", views.batch, name="batch"),
    path("file/<uuid:batch_id>/columns/", views.columns, name="columns"),
    path("file/<uuid:batch_id>/sheets/", views.sheets, name="sheets"),
    path("file/<uuid:batch_id>/forget/", views.forget, name="forget"),
    path("file/<uuid:batch_id>/check/", views.check, name="check"),
    path("file/<uuid:batch_id>/progress/", views.progress, name="progress"),
    path("file/<uuid:batch_id>/cell/", views.cell, name="cell"),
    path("file/<uuid:batch_id>/settle/", views.settle, name="settle"),
    path("file/<uuid:batch_id>/accept/", views.accept, name="accept"),
    path("file/<uuid:batch_id>/words/", views.words, name="words"),
    path("file/<uuid:batch_id>/undo-last/", views.undo_last, name="undo_last"),
    path("file/<uuid:batch_id>/errors/", views.errors_file, name="errors_file"),
    path("file/<uuid:batch_id>/load/", views.load, name="load"),
    path("file/<uuid:batch_id>/report/", views.report, name="report"),
    path("file/<uuid:batch_id>/undo/", views.undo, name="undo"),
    path("file/<uuid:batch_id>/discard/", views.discard, name="discard"),
]
