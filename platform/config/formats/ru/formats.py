"""Russian formats with the same short date and separators as ours in Kazakh."""

SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
THOUSAND_SEPARATOR = "\u202f"
