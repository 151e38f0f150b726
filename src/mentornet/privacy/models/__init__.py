"""What the app keeps about people's rights."""

from mentornet.privacy.models.assessments import Assessment
from mentornet.privacy.models.breaches import Breach
from mentornet.privacy.models.disclosures import Demand, Disclosure
from mentornet.privacy.models.erasures import Erasure
from mentornet.privacy.models.merges import Merge, NotTheSame
from mentornet.privacy.models.requests import Request
from mentornet.privacy.models.retention import RetentionCount, RetentionHold, RetentionRun, RetentionTerm

__all__ = [
    "Assessment",
    "Breach",
    "Demand",
    "Disclosure",
    "Erasure",
    "Merge",
    "NotTheSame",
    "Request",
    "RetentionCount",
    "RetentionHold",
    "RetentionRun",
    "RetentionTerm",
]
