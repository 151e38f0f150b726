"""Where the styles and scripts lie: under names that carry their content's hash, so that a browser may keep them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Files gathered by ``collectstatic``, hashed and packed."""

    manifest_strict = True


# A developer's and a demonstration's server reads the files where they lie: nothing is to be gathered first.
Storage = StaticFilesStorage if settings.DEBUG or settings.DEMO else CollectedStorage
