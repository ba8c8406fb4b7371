"""Which pixels of a thermal stream are readings: by each picture itself, and by what time tells."""
