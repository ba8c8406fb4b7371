"""What the keys, menus and buttons of the window do."""
