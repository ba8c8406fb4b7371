"""Which part of a picture a view shows, how large and which way up. No Qt."""
