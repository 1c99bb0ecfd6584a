"""Pupils who go from one school to another: the request, the answer, the dossier, the papers of both sides."""
