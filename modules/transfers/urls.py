from django.urls import path

from modules.transfers.views import acts, pages, papers

app_name = "transfers"
urlpatterns = [
    path("", pages.index, name="index"),
    path("ask/", pages.find_school, name="find_school"),
    path("ask/outside/", pages.await_papers, name="await_papers"),
    path("ask/<uuid:school_id>/", pages.ask, name="ask"),
    path("pupils/<uuid:pupil_id>/let-go/", pages.let_go, name="let_go"),
    path("pupils/<uuid:pupil_id>/brought/", papers.brought, name="brought"),
    path("<uuid:transfer_id>/", pages.show, name="transfer"),
    path("<uuid:transfer_id>/agree/", acts.agree, name="agree"),
    path("<uuid:transfer_id>/refuse/", acts.refuse, name="refuse"),
    path("<uuid:transfer_id>/draft-again/", acts.draft_again, name="draft_again"),
    path("<uuid:transfer_id>/confirm/", acts.confirm, name="confirm"),
    path("<uuid:transfer_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<uuid:transfer_id>/has-not-come/", acts.has_not_come, name="has_not_come"),
    path("<uuid:transfer_id>/take-in/", acts.take_in, name="take_in"),
    path("<uuid:transfer_id>/dossier/", papers.dossier, name="dossier"),
    path("<uuid:transfer_id>/accepting-slip.pdf", papers.accepting_slip, name="accepting_slip"),
    path("<uuid:transfer_id>/departure-slip.pdf", papers.departure_slip, name="departure_slip"),
    path("<uuid:transfer_id>/extract.pdf", papers.extract, name="extract"),
]
