"""What the app keeps about people's rights."""

from mentornet.privacy.models.erasures import Erasure

__all__ = ["Erasure"]
