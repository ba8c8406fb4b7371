"""The page files.md: what is read of other people's files, what is exact, what is refused."""

from streamer.convert.foreign_images import ENCODINGS, SCHEMAS
from streamer.pictures.errors import Cause
from streamer.pictures.listing.names import FOLDER_WORDS, WORDS, Side
from streamer.pictures.listing.sources import SUFFIXES
from streamer.pictures.losses import MOST_LOST
from streamer.pictures.radiometric import ADAPTERS
from streamer.pictures.videos import VIDEO_SUFFIXES
from streamer.pictures.videos.pixel_format import Handling, known_formats
from tools.reference.markdown import code, page, prose, table

_HEAD = """
`live`, `record`, `import`, `evaluate` and `train` read files through one reader
(`streamer.pictures`), so that a file means the same to each of them. A thermal picture is read to
the last bit, or refused with its pixel format named. A rendering of heat (colours, opacity, a
palette) may be looked at: its brightness, without degrees; `evaluate` and `train` refuse it, and so
does every command where `gain_k` asks for degrees.
"""

_PICTURES = (
    (
        "PNG",
        "grey of 1 to 16 bits",
        "a palette other than plain grey, opacity, colours: renderings",
    ),
    (
        "TIFF",
        "8, 16, 32 and 64 bits, signed, floating; 10, 12 and 14 bits packed; either byte order; "
        "uncompressed, deflate, LZW; each page of a stack",
        "JPEG and other compressions; white-is-zero and palettes are renderings",
    ),
    ("PGM, PPM, PNM", "8 and 16 bits", ""),
    ("BMP", "8-bit grey", "a palette other than plain grey: a rendering"),
    ("JPEG, WebP", "8 bits, as their codec left them", "radiometric JPEGs: see below"),
    ("CPTV", "16 bits, each frame a picture; with the extra `cptv` (Apache-2.0)", "no degrees"),
    (
        "FLIR SEQ, CSQ, FFF",
        "16 bits, each block a picture, raw or PNG; JPEG-LS (CSQ) with the extra `csq` "
        "(imagecodecs, BSD-3-Clause); kelvin by the file's own parameters; at the times it states",
        "other layouts under these names",
    ),
    ("NumPy `.npy`", "whole and floating numbers, (H, W), or a stack (N, H, W)", "objects"),
)

_READINGS = """
Floating-point samples are readings. They are kelvin where their median lies between 223 and 423 and
none is below 150, degrees Celsius where all lie between -273 and 3500; which was taken is said.
Whole numbers beyond are counts; `gain_k` and `offset_k` say what others mean. NaN and infinity are
no reading: such a pixel is 0, which readings, spans and results leave out (its nearest neighbour's
where 0 would be a count like others, and for `evaluate` and `train`); `pixels_without_reading` of
the frame counts them. Signed whole numbers below zero need `gain_k` and `offset_k` (273.15 for
degrees). A TIFF with ImageJ's calibration, as `export --to tiff` writes it, brings its degrees
along; a setting that contradicts the file is refused. Readings become counts of 10 mK where they
span 655 K or less, else of the next of 20, 50, 100 mK. Of 16-bit frames that hold a grey YUYV
picture above the heat it was made from, as InfiRay's USB cameras send them, the heat is taken.
"""

_VISIBLE = """
Visible pictures become 8 bits a colour. Of 16-bit ones the source's own depth is found: 10, 12, 14
or 16 bits. EXIF orientation (JPEG, PNG, WebP, TIFF) is applied to both sides. Where EXIF says
when a picture was taken, an import has the time of day of its first one, and each thermal frame
says so in its metadata (`taken`); they come at `rate_hz` all the same, radiometric stills one a
second.
"""

_MCAP = f"""
`import FILE.mcap` reads the image topics of other programs' MCAP files: {", ".join(SCHEMAS)}, in
CDR, protobuf or JSON. Plain pictures of {", ".join(f"`{name}`" for name in ENCODINGS)} are exact in
either byte order, compressed ones as the tables above say; other encodings are refused by name. A
topic is thermal or visible by the words in its name, else by its depth; `--thermal-topic` and
`--visible-topic` name them. A picture has its own time where that lies within a minute of when it
was logged.
"""

_NAMES = """
Two folders, or one folder that holds both, are paired by what their files' names share: the same
stem; the same but for case; the same without the word of a side; the same but for leading zeros.
Only where no name matches does the order decide, and that is said. Names that begin with a dot are
no pictures. A folder without pictures of its own gives those of the folders in it (`train/`). A
picture whose partner is missing keeps its moment and has no guide. With two rates whose ratio is
that of the numbers of pictures, both folders are series by time instead.
"""

_LOST = f"""
What is left out is counted by cause: in the last line of `import`, in `left_out` of
`import --json`, `info --json` and the reports of `live`, `record`, `replay` and `evaluate`, and in
one line of the log each. More than {MOST_LOST:.0%} of a
side lost, or nothing left of it, is a failure: exit code 1, and no file. A picture without a
partner, or a still without a visible picture inside, is not lost.
"""

_MEANINGS = {
    Cause.UNDECODABLE: "damaged, cut off, or no picture at all",
    Cause.FORMAT: "a depth or layout that cannot be read exactly, or that a setting contradicts",
    Cause.COLOUR: "a rendering of heat among counts",
    Cause.DEPTH: "8 bits among pictures of 16",
    Cause.NO_PARTNER: "the other side has no picture of this name",
    Cause.NOT_RADIOMETRIC: "no temperatures in it, among stills that have them",
    Cause.NOT_READ: "a maker's format without a reader, or its library is missing",
    Cause.NO_VISIBLE: "a radiometric still that holds no visible picture",
}

_HANDLED = {
    Handling.EXACT: "exact",
    Handling.LUMA: "ordinary video: 8 bits of brightness; colours are a rendering",
    Handling.DEEP: "exact with the extra `video` (PyAV), else refused",
    Handling.REFUSED: "refused as counts",
}


def files_page() -> str:
    """The page."""
    words = [
        [
            str(side),
            ", ".join(code(word) for word in sorted(FOLDER_WORDS[side])),
            ", ".join(code(word) for word in sorted(WORDS[side])),
        ]
        for side in Side
    ]
    formats = [
        [how, ", ".join(code(name) for name in known_formats(handling))]
        for handling, how in _HANDLED.items()
    ]
    stills = [
        [each.name, code(each.extra), each.library, each.told[0].upper() + each.told[1:]]
        for each in ADAPTERS
    ]
    return page(
        "What it reads",
        prose(_HEAD),
        "## Pictures\n\n"
        + table(["kind", "exact", "refused, or a rendering"], _PICTURES)
        + f"\n\nBy their names: {', '.join(code(suffix) for suffix in SUFFIXES)}.",
        prose(_READINGS),
        prose(_VISIBLE),
        "## MCAP\n\n" + prose(_MCAP),
        "## Videos\n\n"
        + table(["as counts", "pixel formats, in FFmpeg's words"], formats)
        + f"\n\nOf {', '.join(code(suffix) for suffix in VIDEO_SUFFIXES)} and whatever else FFmpeg"
        " opens. PyAV is BSD; the\nFFmpeg in its wheels is GPL.",
        "## Makers' stills with temperatures\n\n"
        + table(["format", "extra", "library", "what is read"], stills),
        "## Pairs\n\n"
        + prose(_NAMES)
        + "\n\n"
        + table(["side", "words in a folder's name", "words in a file's name"], words),
        "## What is left out\n\n"
        + prose(_LOST)
        + "\n\n"
        + table(["cause", "meaning"], [[code(cause), _MEANINGS[cause]] for cause in Cause]),
    )
