"""The configuration: typed, strict, told by its YAML comments."""
