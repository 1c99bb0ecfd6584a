"""Dated lessons one by one and by weeks and months: cancelled, moved, added, shown, printed, fed to calendars."""
