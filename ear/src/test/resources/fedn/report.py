"""Prints one line of JSON per call: what was called, whether the answer was right, and what was seen."""

import json
import traceback

failed = 0


def told(answer):
    return f"{answer.status_code} {answer.text}" if hasattr(answer, "status_code") else str(answer)


def call(name, work, right=lambda answer: True):
    """Calls work(), judges its answer with right(), prints the line, gives the answer back (None if it raised)."""
    global failed
    answer = None
    try:
        answer = work()
        ok, seen = bool(right(answer)), told(answer)
    except Exception:
        ok, seen = False, traceback.format_exc(limit=2)
    failed += not ok
    print(json.dumps({"call": name, "ok": ok, "seen": seen[:300] if ok else seen[:1500]}), flush=True)
    return answer
