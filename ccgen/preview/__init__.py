"""Live preview: the site as it stands on disk, drawn when it is asked for; never touches the output folder, takes no lock."""

from __future__ import annotations

from ccgen.preview.editors import EDITORS
from ccgen.preview.guard import LOOPBACK, name_of_machine
from ccgen.preview.lan import in_network, names_of, qr_code
from ccgen.preview.server import Question, Server, Switches, listen
from ccgen.preview.session import Told, Wishes, serve

__all__ = [
    "EDITORS",
    "LOOPBACK",
    "Question",
    "Server",
    "Switches",
    "Told",
    "Wishes",
    "in_network",
    "listen",
    "name_of_machine",
    "names_of",
    "qr_code",
    "serve",
]
