"""Atlas & Axis: a working shop magazine in six languages, built with anodyne_blocks."""
