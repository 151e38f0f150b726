"""Making backups, restoring them, and trying whether that works."""

from __future__ import annotations
