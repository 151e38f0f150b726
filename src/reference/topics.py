"""What a mentee wants help with and a mentor offers: one closed list."""

from __future__ import annotations

from enum import StrEnum

from reference.translation import N_, Message


class Topic(StrEnum):
    """A topic's code, as the spreadsheets write it; the order of the list has no meaning."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    JOB_SEARCH = "job_search"
    CV = "cv"
    INTERVIEW = "interview"
    WORKPLACE_CULTURE = "workplace_culture"
    NETWORK = "network"
    RECOGNITION = "recognition"
    EDUCATION = "education"
    DANISH = "danish"
    EVERYDAY_LIFE = "everyday_life"
    SOCIETY = "society"
    BUSINESS = "business"
    IT_SKILLS = "it_skills"
    FAMILY_SCHOOL = "family_school"
    CONFIDENCE = "confidence"

    @property
    def label(self) -> Message:
        """The topic in plain words, to stand inside a sentence."""
        return _MESSAGES[self]


_LABELS = {
    Topic.JOB_SEARCH: N_("finding a job"),
    Topic.CV: N_("the CV"),
    Topic.INTERVIEW: N_("job interviews"),
    Topic.WORKPLACE_CULTURE: N_("how a workplace works"),
    Topic.NETWORK: N_("a network of contacts"),
    Topic.RECOGNITION: N_("recognition of qualifications"),
    Topic.EDUCATION: N_("education"),
    Topic.DANISH: N_("Danish"),
    Topic.EVERYDAY_LIFE: N_("everyday life"),
    Topic.SOCIETY: N_("how society works"),
    Topic.BUSINESS: N_("starting a business"),
    Topic.IT_SKILLS: N_("IT skills"),
    Topic.FAMILY_SCHOOL: N_("family and school"),
    Topic.CONFIDENCE: N_("self-confidence"),
}
_MESSAGES = {topic: Message(template) for topic, template in _LABELS.items()}
