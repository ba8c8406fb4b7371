"""The deployed call: counts in, super-resolved counts out."""
