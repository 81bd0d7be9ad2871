"""The sheets that touch a person's files: plan and apply, tags, exports, and the history of what was done.

``sheets`` opens them: ``apply_dialog``, ``tag_dialog``, ``export_dialog`` and ``history_dialog`` from the menu, the
``recover_bar`` at the start, when a run was interrupted. Each sheet talks to the engine through its ``desk``, one job
at a time, and shows what the job says (``filing_run``) on a ``run_page``: progress, pause, stop between two files, and
the result with the way back. ``plan_model`` is the tree of a plan, ``lines_model`` any list of values; ``words`` says
sizes, times and reasons in the person's language. Nothing here touches a file: ``clipsorter.filing`` does, on the
engine thread.
"""
