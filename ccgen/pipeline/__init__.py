"""Open → render → publish: the only place that introduces the stages to each other; prints nothing.

`project.open_project` loads and plans, `drawing` draws and reads pages, `building.build` also publishes them.
Rendering starts only when nothing that was read has an error, and nothing under the output changes before everything is
rendered and checked. Import from the modules: this one imports none of them, for each verb pays for what it needs.
"""
