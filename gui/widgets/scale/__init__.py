"""The scale of temperatures as an instrument: bar, ends, typed values."""
