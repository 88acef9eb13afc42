"""From mentions to entities, and from records to papers."""
