"""Pictures moved as cameras move, and what several frames of them gain over one."""
