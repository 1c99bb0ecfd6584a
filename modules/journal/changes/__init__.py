"""The history of marks as a list: who changed what, when, from which device, from what to what and why."""
