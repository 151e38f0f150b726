"""What the demo app declares of its columns."""

from __future__ import annotations

from mentornet.common.fields import declare, setup

declare("demo.DemoNetwork", setup("id", "seed", "size", "loaded_on", "loaded_at"))
