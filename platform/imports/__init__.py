"""The one wizard that loads spreadsheets; modules say what the columns mean and what a row does."""
