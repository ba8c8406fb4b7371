"""`make test-anywhere`: the suite under the conditions that other machines have."""
