"""What those above may ask of the books: to write in who came, to order, issue and withdraw certificates of study."""

from modules.records.services import Wanted, issue, order, withdraw, write_in

__all__ = ["Wanted", "issue", "order", "withdraw", "write_in"]
