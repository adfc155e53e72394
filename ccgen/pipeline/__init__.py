"""Open → render → publish: the only place that introduces the stages to each other; prints nothing.

`open_project` loads and plans, `Project.render` draws routes one by one, `build` also publishes them. Rendering starts only
when nothing that was read has an error, and nothing under the output changes before everything is rendered and checked.
"""

from ccgen.pipeline.building import Built, build, clean_output, open_state
from ccgen.pipeline.checking import check
from ccgen.pipeline.explaining import Explained, explain
from ccgen.pipeline.project import Project, open_project

__all__ = [
    "Built",
    "Explained",
    "Project",
    "build",
    "check",
    "clean_output",
    "explain",
    "open_project",
    "open_state",
]
