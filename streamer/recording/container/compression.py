"""How the content of an MCAP chunk is compressed: by zstd, by lz4, or not at all."""

import lz4.frame
import zstandard

NAMES = ("zstd", "lz4")
"""What a chunk may say, beside nothing; ours are zstd, other programs' any of them."""


def decompressed(name: str, data: bytes, size: int) -> bytes:
    """The content of a chunk.

    Args:
        name: what the chunk says of itself; empty where it is not compressed.
        data: as it stands in the file.
        size: how long the content is said to be; no more is made.

    Raises:
        ValueError: of another kind, or damaged.
    """
    try:
        match name:
            case "":
                return data
            case "zstd":
                if zstandard.frame_content_size(data) not in (size, -1):
                    raise ValueError("its sizes differ")
                return zstandard.ZstdDecompressor().decompress(data, max_output_size=size)
            case "lz4":
                decompressor = lz4.frame.LZ4FrameDecompressor()
                return bytes(decompressor.decompress(data, max_length=size))
    except (zstandard.ZstdError, RuntimeError) as error:  # lz4 raises the latter
        raise ValueError(str(error)) from error
    raise ValueError(f"it is compressed by {name!r}: zstd, lz4 or nothing wanted")
