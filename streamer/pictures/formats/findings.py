"""What a file really is, where it is no picture or video that can be read, and what to do."""

from pathlib import Path

_LOOKED_AT = 2**12

_LFS = b"version https://git-lfs.github.com/spec/v1"
_DIRECTIVES = (
    (_LFS, "a pointer of git-lfs, not the file itself: run `git lfs pull` where it came from"),
    (b"FFF\0", "a FLIR FFF or SEQ file: a name that ends in .seq, .csq or .fff wanted"),
    (b"AFF\0", "a FLIR AFF file: a name that ends in .seq, .csq or .fff wanted"),
    (b"\x89HDF", "an HDF5 file: write its arrays as .npy or 16-bit TIFF first"),
    (b"PK\x03\x04", "a ZIP archive (or .npz): unpack it, arrays as .npy"),
    (b"\x1f\x8b", "a gzip archive: unpack it"),
    (b"<!DOCTYPE", "a web page: the download went wrong"),
    (b"<html", "a web page: the download went wrong"),
    (b"%PDF", "a PDF document"),
    (b"GIF8", "a GIF, whose colours are a palette: convert it to PNG or a video"),
    (b"qoif", "a QOI picture: convert it to PNG"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture: convert it to PNG"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture: convert it to PNG or TIFF"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture: convert it to PNG or TIFF"),
    (b"#ROSBAG", "a ROS 1 bag: convert it to MCAP or pictures"),
    (b"\x89MCAP", "a recording or another MCAP file: a name that ends in .mcap wanted"),
)

_BY_SUFFIX = {
    ".seq": "a FLIR SEQ file of a layout that is not published",
    ".csq": "a FLIR CSQ file of a layout that is not published",
    ".fff": "a FLIR FFF file of a layout that is not published",
    ".irg": "an InfiRay IRG file",
    ".is2": "a Fluke IS2 file",
    ".is3": "a Fluke IS3 file",
    ".bmt": "a testo BMT file",
    ".ravi": "an Optris RAVI video",
    ".tmjsn": "a tCam sequence",
    ".tjsn": "a tCam still",
}

NETWORK = ("rtsp://", "http://", "https://", "udp://", "rtp://", "rtmp://", "tcp://")
"""What addresses begin with."""


def finding(path: Path) -> str:
    """In words what a file is that is not read, and what to do; empty where it may be read.

    Args:
        path: a regular file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    if not head:
        return "it is empty"
    for magic, words in _DIRECTIVES:
        if head.startswith(magic):
            return f"it is {words}"
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX:
        return (
            f"it is {_BY_SUFFIX[suffix]}, which is not read: export it as radiometric JPEG or "
            "16-bit TIFF with the maker's program"
        )
    return ""


def cut_off_words(path: Path) -> str:
    """Why a video that ought to open does not, where its container tells; empty otherwise."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[4:8] != b"ftyp":
            return ""
        position, size = 0, path.stat().st_size
        while position + 8 <= size:  # the boxes of MP4 and MOV
            file.seek(position)
            box = file.read(16)
            length = int.from_bytes(box[:4])
            if box[4:8] == b"moov":
                return ""
            if length == 1:
                length = int.from_bytes(box[8:16])
            if length < 8:
                break
            position += length
    return "its index (moov) is missing: the recording was cut off; repair it with untrunc"
