"""Another network than before, while a run goes on."""
