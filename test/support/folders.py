# SPDX-License-Identifier: EUPL-1.2
"""A folder that daemons' and servers' own users may enter, which those of pytest are not: it closes them again for whoever runs beside."""
import contextlib
import pathlib
import tempfile


@contextlib.contextmanager
def open_folder(name):
    with tempfile.TemporaryDirectory(prefix=f"garde-{name}-") as path:
        folder = pathlib.Path(path)
        folder.chmod(0o755)
        yield folder
