"""System checks of the `ANODYNE_BLOCKS` setting; each message has a hint that says what to do."""
