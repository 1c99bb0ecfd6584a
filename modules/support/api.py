"""The door: what fills a demonstration with requests and their answers."""

from modules.support.services.answering import end, grant, refuse
from modules.support.services.asking import ask

__all__ = ["ask", "end", "grant", "refuse"]
