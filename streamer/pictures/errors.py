"""Why a picture is not taken: one error, with a cause to count it by."""

from enum import StrEnum

from streamer.errors import CorefusionError


class Cause(StrEnum):
    """What pictures are left out for; the keys of `left_out` in reports, which never change."""

    UNDECODABLE = "undecodable"  # damaged, cut off, or no picture at all
    FORMAT = "pixel format"  # a depth or layout that cannot be read exactly
    COLOUR = "in colour"  # offered as heat, and it is a rendering of it
    DEPTH = "another depth"  # 8 bits among 16: two scales in one source
    NO_PARTNER = "no partner"  # the other side has no picture of this name
    NOT_RADIOMETRIC = "not radiometric"  # among radiometric stills
    NOT_READ = "radiometric, not read"  # a maker's format without a reader, or its library missing
    NO_VISIBLE = "no visible inside"  # a radiometric still that holds no visible picture


class PictureError(CorefusionError):
    """A picture, a folder or a video that is not taken; one line that names it and says why.

    Attributes:
        cause: what it is counted as.
    """

    def __init__(self, words: str, cause: Cause = Cause.UNDECODABLE) -> None:
        super().__init__(words)
        self.cause = cause
