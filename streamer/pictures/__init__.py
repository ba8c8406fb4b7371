"""Pictures of other people's files: the one place that lists, decodes, turns and pairs them.

Cameras made of files, `import`, `evaluate` and `train` all come here, so that a file means the same
to each of them:

    listing      what stands at a path (a picture, a stack's pages, a folder, two sides), what names
                 share, whose partner each picture is, and how much a file can hold of heat
    formats      what files of each format hold, upright and every bit, and what a file really is
    radiometric  adapters for makers' stills that carry temperatures
    videos       pixel formats of videos: which are exact here, which need PyAV, which are refused
    decoding     one picture as it is stored, or an error that names the format
    counts       a stored picture as thermal counts, with its degrees where the file states them
    guides       a stored picture as a visible one
    stills       the pictures of one side, slot by slot, as a camera plays them
    losses       what was left out, by cause
    readings     which pixels of a thermal stream are readings, by what each picture tells, and by
                 what time tells of stuck, hot and dead ones

Nothing is repaired in silence. A picture is exact, or it is relative and said to be (colours,
opacity, a palette: no degrees come of it), or it is refused with a cause that is counted.
"""

from streamer.pictures.errors import Cause, PictureError
from streamer.pictures.losses import Losses

__all__ = ["Cause", "Losses", "PictureError"]
