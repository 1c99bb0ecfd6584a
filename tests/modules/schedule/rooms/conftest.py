from tests.modules.journal.conftest import aigul, bolat, moment, scene

__all__ = ["aigul", "bolat", "moment", "scene"]
