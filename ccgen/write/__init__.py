"""Pages → the output folder, so that nobody's file is lost and every page is whole; knows nothing of articles.

    output = check_output(config.output, project=…, sources=…, state_dir=…)  # UsageError before anything is touched
    with lock(state_dir):                                                    # EnvironmentFault `locked`
        state = State.open(state_dir, output, versions=…, run_key=…)         # warnings: state.problems
        tidy(state)                                                          # removes what a killed build left
        … key = state.number(owner) * GROUP_LIMIT + group …
        changed = state.changed(facts)
        stale = state.stale(wanted, changed.keys)                            # {path: why}; others: state.recorded(path)
        with Publication(state) as publication:
            for page in render(stale):
                publication.stage(page)                                      # the output is untouched
                # or, in other processes: staged = stager.write(page, standing), and here: publication.take(staged)
            published = publication.publish(wanted, changed, planned=…)      # all of it, and the record

`wanted` are the paths of all outputs, `facts` all of the site's as bytes by owner, `changed` what is not
as the last build recorded it. Leaving the `with` block without `publish` leaves the last good site. `files` makes every
change to the disk; `places` finds what is in the way; `owned` is the list of what may be overwritten and deleted; `state` is
a cache. `readings` is another, of what was read; only builds with something to do import it.
"""

from ccgen.write.database import Changed, Planned, Source
from ccgen.write.guard import check_output
from ccgen.write.lock import lock
from ccgen.write.lookup import RecordUnreadable
from ccgen.write.publish import Cleaned, Publication, Published, clean, tidy
from ccgen.write.stager import Staged, Stager
from ccgen.write.state import Recorded, Stale, State

__all__ = [
    "Changed",
    "Cleaned",
    "Planned",
    "Publication",
    "Published",
    "RecordUnreadable",
    "Recorded",
    "Source",
    "Staged",
    "Stager",
    "Stale",
    "State",
    "check_output",
    "clean",
    "lock",
    "tidy",
]
