"""The window in which two cameras are lined up."""
