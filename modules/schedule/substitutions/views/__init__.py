"""Pages of absences and substitutions."""
