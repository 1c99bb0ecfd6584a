"""The load: the class's curriculum, its division into groups, and which teacher has which hours from which day."""
