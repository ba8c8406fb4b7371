"""Several frames know more than one: samples of the past, brought to the present by motion.

A thermal pixel is an average over its area. When the camera moves, the next frame averages
elsewhere, and the visible camera tells how it moved to a fraction of a thermal pixel. Nothing here
is trained: `fast:video` is the network of one frame, and what the frames before it measured.
"""

from models.temporal.motion import Grey, grey_of_guide
from models.temporal.past import Fused, LetGo, Past

__all__ = ["Fused", "Grey", "LetGo", "Past", "grey_of_guide"]
