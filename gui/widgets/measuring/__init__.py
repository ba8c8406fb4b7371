"""The widgets of measuring: tools in a column, their values in a table and as curves."""
