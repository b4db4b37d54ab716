"""One optimizer of another package, asked over standard input and output.

    python peer.py METHOD

reads one JSON object a line and answers each with one:

    {"start": {"space": [...], "seed": s, "trials": n}}  a new run     -> {"ready": true}
    {"points": [[...], ...], "responses": [...]}         what is new   -> {"point": [...], "seconds": t}

The space is a list of hyperparameters: `{"kind": "real"}`, which is a number in [0, 1]; `{"kind": "levels", "count": k}`
and `{"kind": "choice", "count": k}`, which are the index of one of k values, in an order or without. Responses are
maximized; null is a failed evaluation, which peers are told as the worst response so far. Every peer is told the initial
points and keeps its package's defaults otherwise; what differs is said where it is made. `seconds` is processor time,
which other work on the machine does not stretch.
"""
import json
import os
import sys
import time

# One thread a process: what is compared runs beside others on one machine.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"


def maker(method):
    """The function (space, seed, trials) -> peer of a method; its package is imported here."""
    if method.startswith("optuna-"):
        import optuna_peers as package
    elif method in ("botorch", "turbo", "ax"):
        import botorch_peers as package
    elif method == "smac":
        import smac_peer as package
    elif method == "cmaes":
        import cmaes_peer as package
    else:
        import nevergrad_peer as package
    return package.peers[method]


def value_of(coordinate, value):
    """A suggested value as the caller wants it: inside the range, whole where it is an index."""
    if coordinate["kind"] == "real":
        return min(max(float(value), 0.0), 1.0)
    return min(max(round(float(value)), 0), coordinate["count"] - 1)


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what packages print does not mix with the answers
    make, peer, space, worst = maker(sys.argv[1]), None, [], 0.0
    for line in sys.stdin:
        message = json.loads(line)
        if "start" in message:
            peer = make(**message["start"])
            space, worst = message["start"]["space"], None
            answer = {"ready": True}
        else:
            started = time.process_time()
            points = [[value_of(c, value) for c, value in zip(space, point)] for point in message["points"]]
            worst = min((r for r in [worst, *message["responses"]] if r is not None), default=None)
            responses = [worst or 0.0 if r is None else float(r) for r in message["responses"]]
            peer.observe(points, responses)
            point = [value_of(c, value) for c, value in zip(space, peer.suggest())]
            answer = {"point": point, "seconds": time.process_time() - started}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
