"""Pictures one after the other as an animated GIF, by Pillow, or as MP4, by ffmpeg."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

COLORS = 256  # of a GIF; the shades of letters are more
LAST = 3  # times as long as the others the last picture stays


def gif(pictures: Sequence[bytes], seconds: float) -> bytes:
    """An animated GIF that begins again at its end.

    Args:
        pictures: PNG images of one size.
        seconds: How long each stays.

    Raises:
        RuntimeError: If there is no Pillow.
    """
    try:
        from PIL import Image
    except ImportError:
        raise RuntimeError(
            'film: a GIF needs Pillow; run  pip install "pillow>=10"  or save the steps by frames'
        ) from None
    # An octree keeps the colours of thin lines, where the median cut mixes them with the paper.
    images = [
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(COLORS, method=Image.Quantize.FASTOCTREE)
        for picture in pictures
    ]
    milliseconds = [round(1000 * seconds)] * (len(images) - 1) + [round(1000 * LAST * seconds)]
    written = io.BytesIO()
    images[0].save(
        written, "GIF", save_all=True, append_images=images[1:], duration=milliseconds, loop=0
    )
    return written.getvalue()


def mp4(pictures: Sequence[bytes], seconds: float) -> bytes:
    """A film in the form that browsers and slides play.

    Args:
        pictures: PNG images of one size.
        seconds: How long each stays.

    Raises:
        RuntimeError: If there is no ffmpeg, or if it fails.
    """
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise RuntimeError(
            "film: an MP4 needs the program ffmpeg on the PATH; install it, or save it as .gif"
        )
    with tempfile.TemporaryDirectory() as folder:
        for number, picture in enumerate([*pictures, *[pictures[-1]] * (LAST - 1)]):
            (Path(folder) / f"{number:05}.png").write_bytes(picture)
        command = [ffmpeg, "-loglevel", "error", "-framerate", f"{1 / seconds:.6g}"]
        command += ["-i", "%05d.png", "-pix_fmt", "yuv420p", "-r", "25"]
        # The form has even numbers of dots only.
        command += ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "film.mp4"]
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if run.returncode:
            message = run.stderr.decode(errors="replace").strip()
            raise RuntimeError(f"film: ffmpeg could not make it: {message}")
        return (Path(folder) / "film.mp4").read_bytes()
