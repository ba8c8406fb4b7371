"""The results page: finished runs and kept evaluations, collected into tables and a picture."""
