"""What pictures stand where, whose partner each is, and how much it can hold of heat."""
