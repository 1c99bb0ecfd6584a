"""Letters between the vendor and a school."""

from __future__ import annotations

from modules.support import letters
from modules.support.services import answering, asking
from tenants import post

post.reads(letters.KINDS[letters.Asked], letters.Asked, answering.asked)
post.reads(letters.KINDS[letters.Withdrawn], letters.Withdrawn, answering.withdrawn)
post.reads(letters.KINDS[letters.Answered], letters.Answered, asking.answered)
post.reads(letters.KINDS[letters.Ended], letters.Ended, asking.ended)
