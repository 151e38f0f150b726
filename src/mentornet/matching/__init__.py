"""The coordinator's matching: ranked bank, proposals, answers. The only caller of pairing."""
