"""A picture in agreement with what was measured: its averages over sensor pixels, its bounds."""
