"""Pictures of other people's files: the one place that lists, decodes, turns and pairs them.

Cameras made of files, `import`, `evaluate` and `train` all come here, so that a file means the same
to each of them:

    sources      what stands at a path: pictures, a folder with two sides, pages of a stack
    names        which side a name speaks of, and what it shares with its partner's
    pairing      slots of two sides that belong together, and what has no partner
    decoding     one page as it is stored, upright: every bit, or an error that names the format
    counts       a stored picture as thermal counts, with its degrees where the file states them
    guides       a stored picture as a visible one
    radiometric  adapters for makers' stills that carry temperatures
    videos       pixel formats of videos: which are exact here, which need PyAV, which are refused
    findings     what a file really is, where it is no picture
    losses       what was left out, by cause

Nothing is repaired in silence. A picture is exact, or it is relative and said to be (colours,
opacity, a palette: no degrees come of it), or it is refused with a cause that is counted.
"""

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.losses import Losses

__all__ = ["Cause", "Losses", "PictureError"]
