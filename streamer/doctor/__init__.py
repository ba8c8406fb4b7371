"""What `corefusion doctor` finds: all that a bug report needs, and what a user can mend."""
