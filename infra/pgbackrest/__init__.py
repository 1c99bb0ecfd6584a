"""pgBackRest as production runs it: its settings, and the commands that its timers give."""
