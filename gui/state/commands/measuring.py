"""What can be done with tools: `MeasuringActions` has the methods."""

from gui.state.commands.action import Action

MEASURING_ACTIONS = (
    Action("tool_spot", "Spot", ("X",), "Pin a spot with the next click", True, measuring=True),
    Action("tool_line", "Line", ("N",), "Draw a line with the next drag", True, measuring=True),
    Action("tool_box", "Box", ("B",), "Draw a box with the next drag", True, measuring=True),
    Action("tool_ellipse", "Ellipse", ("O",), "Draw an ellipse", True, measuring=True),
    Action(
        "tool_polygon",
        "Polygon",
        ("Y",),
        "Click its corners; a double click ends it",
        True,
        measuring=True,
    ),
    Action("next_tool", "Next tool", (".",), "Select the next tool", measuring=True),
    Action("previous_tool", "Tool before", (",",), "Select the tool before", measuring=True),
    Action("rename_tool", "Name", ("F2",), "Name the selected tool", measuring=True),
    Action(
        "compare_tool", "Reference", ("D",), "Compare all with the selected tool", measuring=True
    ),
    Action("nudge_left", "Tool left", ("Alt+Left",), "By a pixel", measuring=True),
    Action("nudge_right", "Tool right", ("Alt+Right",), "By a pixel", measuring=True),
    Action("nudge_up", "Tool up", ("Alt+Up",), "By a pixel", measuring=True),
    Action("nudge_down", "Tool down", ("Alt+Down",), "By a pixel", measuring=True),
    Action("delete_tool", "Delete tool", ("Del", "Backspace"), "The selected one", measuring=True),
    Action("clear", "Clear", ("C",), "Take away all tools", measuring=True),
    Action("undo", "Undo", ("Ctrl+Z",), "Take back what was done to tools", measuring=True),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do it again", measuring=True),
    Action(
        "object_parameters",
        "Object parameters",
        ("J",),
        "Emissivity, reflected temperature, air and window: of the picture, or of a tool",
        measuring=True,
    ),
    Action("alarms", "Alarms", ("K",), "What is watched for, and another alarm", measuring=True),
    Action("table", "Table", ("T",), "Show or hide what the tools read", True, measuring=True),
    Action("curves", "Curves", ("W",), "Show or hide curves over time", True, measuring=True),
    Action(
        "save_curves", "CSV", ("Ctrl+S",), "Save the curves among your pictures", measuring=True
    ),
    Action("copy_curves", "Copy curves", ("Ctrl+Shift+T",), "Copy them as a table", measuring=True),
    Action("copy_table", "Copy table", ("Ctrl+T",), "Copy what the tools read", measuring=True),
)
