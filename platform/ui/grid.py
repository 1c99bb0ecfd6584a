"""Texts of the journal grid island, in the reader's language; a module puts them into the island's words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """What the grid says. Words in braces are filled by the island."""
    return {
        # the line over the grid
        "ready": _("Every mark is saved at once."),
        "saving": _("Saving: {count}…"),
        "savedAt": _("All saved at {time}."),
        "offline": _("No connection. Kept on this device: {count}. They will be sent by themselves."),
        "signedOut": _("Your session has ended. Sign in again: {count} entries are kept and will be sent."),
        "signIn": _("Sign in"),
        "conflicts": _("To be decided: {count}."),
        "refusedCount": _("Not taken: {count}."),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "keys": _("Keys"),
        "lessonView": _("By lesson"),
        "tableView": _("Whole table"),
        # cells
        "queued": _("not saved yet"),
        "conflict": _("changed by somebody else"),
        "refused": _("not taken"),
        "locked": _("This cell is closed."),
        "unknown": _("Only marks and н, п, б, о (ж, д, а, к) are written here."),
        "aboveMax": _("More than the maximum: {max}."),
        "belowMin": _("There is no such mark."),
        "noAbsence": _("Absence is not written here."),
        "markOfAbsent": _("The mark stands beside the absence. Delete clears the cell."),
        "empty": _("empty"),
        "filled": _("Filled cells: {count}."),
        "pasted": _("Pasted cells: {count}."),
        "pastedPartly": _("Pasted cells: {count}. Not taken: {faults}, they are marked."),
        "nothingToUndo": _("There is nothing to undo."),
        "nothingToRedo": _("There is nothing to redo."),
        # the line under the grid
        "marked": _("marked: {done} of {total}"),
        "mean": _("mean {mean}"),
        "meanOf": _("mean {mean} of {max} ({percent} %)"),
        "absent": _("absent: {count}"),
        # decisions
        "decisions": _("Cells changed by somebody else"),
        "decisionsHead": _("Somebody changed these cells at the same time"),
        "decision": _("{cell}: yours is {mine}, theirs is {theirs} ({by}, {at})"),
        "keepMine": _("Keep mine: {value}"),
        "keepTheirs": _("Keep theirs: {value}"),
        "keepAllTheirs": _("Keep all theirs"),
        # windows
        "close": _("Close"),
        "loading": _("Loading…"),
        "noHistory": _("Nobody has changed this cell yet."),
        "noConnection": _("There is no connection. Try again later."),
        "keyDigits": _("mark or points; 1 waits a moment for 10"),
        "keyUnexcused": _("absent without a reason"),
        "keyExcused": _("absent with a reason"),
        "keyIll": _("ill"),
        "keyLate": _("late; may stand beside a mark"),
        "keyEnter": _("save and go down or up"),
        "keyTab": _("save and go right or left; at the end of the row, leave the table"),
        "keyArrows": _("move"),
        "keyDelete": _("clear"),
        "keyEscape": _("take back what is being typed; Esc and Tab leave the table"),
        "keyEdit": _("edit what stands in the cell"),
        "keyUndo": _("undo or redo, 50 steps"),
        "keyCopy": _("choose cells, copy and paste, also from Excel"),
        "keyFill": _("fill the empty cells below with this value"),
        "keyHistory": _("who changed this cell and when"),
        "keyKeys": _("these keys"),
        # phone
        "lesson": _("Lesson"),
        "filledOf": _("{done} of {total}"),
        "keypad": _("Marks"),
        "clear": _("Clear"),
        "next": _("Next pupil"),
    }
