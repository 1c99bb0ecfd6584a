"""Changes of the staff: cards and their lines, posts, leaving, the staffing table."""

from modules.staff.services.acting import (
    DirectorAlready,
    DirectorAsked,
    NoLogin,
    appoint_acting,
    end_acting,
    refuse_acting,
)
from modules.staff.services.cards import (
    CARD,
    IinTaken,
    StaleForm,
    WorkedHere,
    WrongIin,
    change_employee,
    give_login,
    locked,
    open_card,
    refuse_iin,
    remove_card,
    take_on,
)
from modules.staff.services.hiring import (
    ACT,
    DISMISS,
    HIRE,
    LEAVE,
    PART_TIME,
    TRANSFER,
    WorksHere,
    hire,
    hire_at_once,
    hiring_line,
    newcomer,
    posts_in,
    refuse_hiring,
    take_hiring_back,
)
from modules.staff.services.leaving import (
    BeforeComing,
    NotHere,
    close_ended,
    left_on,
    let_go,
    refuse_leaving,
    stay,
)
from modules.staff.services.photos import drop_photo, set_photo
from modules.staff.services.posts import (
    ByOrder,
    FromTheFirstDay,
    HeldAlready,
    NotHeld,
)
from modules.staff.services.posts import begin as begin_post
from modules.staff.services.posts import change as change_post
from modules.staff.services.posts import correct as correct_post
from modules.staff.services.posts import note as note_post
from modules.staff.services.posts import refuse_beyond as refuse_post_beyond
from modules.staff.services.posts import refuse_change as refuse_change_of_post
from modules.staff.services.posts import refuse_second as refuse_second_post
from modules.staff.services.posts import remove as remove_post
from modules.staff.services.posts import take_back as take_posts_back
from modules.staff.services.records import (
    SECTIONS,
    LeaveOverlaps,
    add_record,
    change_record,
    give_leave,
    refuse_leave,
    remove_record,
    take_leaves_back,
)
from modules.staff.services.staffing import EarlierThanLine, approve

__all__ = [
    "ACT",
    "CARD",
    "DISMISS",
    "HIRE",
    "LEAVE",
    "PART_TIME",
    "SECTIONS",
    "TRANSFER",
    "BeforeComing",
    "ByOrder",
    "DirectorAlready",
    "DirectorAsked",
    "EarlierThanLine",
    "FromTheFirstDay",
    "HeldAlready",
    "IinTaken",
    "LeaveOverlaps",
    "NoLogin",
    "NotHeld",
    "NotHere",
    "StaleForm",
    "WorkedHere",
    "WorksHere",
    "WrongIin",
    "add_record",
    "appoint_acting",
    "approve",
    "begin_post",
    "change_employee",
    "change_post",
    "change_record",
    "close_ended",
    "correct_post",
    "drop_photo",
    "end_acting",
    "give_leave",
    "give_login",
    "hire",
    "hire_at_once",
    "hiring_line",
    "left_on",
    "let_go",
    "locked",
    "newcomer",
    "note_post",
    "open_card",
    "posts_in",
    "refuse_acting",
    "refuse_change_of_post",
    "refuse_hiring",
    "refuse_iin",
    "refuse_leave",
    "refuse_leaving",
    "refuse_post_beyond",
    "refuse_second_post",
    "remove_card",
    "remove_post",
    "remove_record",
    "set_photo",
    "stay",
    "take_hiring_back",
    "take_leaves_back",
    "take_on",
    "take_posts_back",
]
