"""One optimizer of another package, asked over standard input and output.

    python peer.py METHOD

reads one JSON object a line and answers each with one:

    {"start": {"dimension": d, "seed": s, "trials": n}} a new run     -> {"ready": true}
    {"points": [[...], ...], "responses": [...]}        what is new   -> {"point": [...], "seconds": t}

Points are of [0,1]^d and responses are maximized. Every peer is told the initial points and keeps its package's
defaults otherwise; what differs is said where it is made. `seconds` is processor time, which other work on the machine
does not stretch.
"""
import json
import os
import sys
import time

# One thread a process: what is compared runs beside others on one machine.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"


def maker(method):
    """The function (dimension, seed, trials) -> peer of a method; its package is imported here."""
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


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what packages print does not mix with the answers
    make, peer = maker(sys.argv[1]), None
    for line in sys.stdin:
        message = json.loads(line)
        if "start" in message:
            peer = make(**message["start"])
            answer = {"ready": True}
        else:
            started = time.process_time()
            points = [[float(value) for value in point] for point in message["points"]]
            peer.observe(points, [float(response) for response in message["responses"]])
            point = [min(max(float(value), 0.0), 1.0) for value in peer.suggest()]
            answer = {"point": point, "seconds": time.process_time() - started}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
