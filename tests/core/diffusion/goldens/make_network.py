"""Writes loss.json and literal_loop.json in PyTorch, with the weights of prototype.safetensors.

loss.json holds the loss and gradient of a small batch; literal_loop.json the point that Algorithm 2 of
Ho et al. (T = 1000, linear schedule, sigma^2 = beta, I = 1) ends at, with sqrt(2) sin(37 i) in place of the
i-th normal number.

Usage: python3 tests/core/diffusion/goldens/make_network.py (PyTorch and NumPy; the network is that of
benches/training_step_peer.py).
"""
import json
import math
import pathlib
import struct
import sys

import numpy as np
import torch

folder = pathlib.Path(__file__).parent
sys.path.insert(0, str(folder.parents[2] / "benches"))
import training_step_peer as peer  # noqa: E402
from training_step_peer import BINS, Model, loss_of  # noqa: E402

raw = (folder / "prototype.safetensors").read_bytes()
length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + length])
header.pop("__metadata__", None)
state = {}
for name, entry in header.items():
    start, end = entry["data_offsets"]
    values = np.frombuffer(raw[8 + length + start:8 + length + end], dtype=np.float32).copy()
    state[name] = torch.tensor(values).reshape(entry["shape"])
model = Model()
model.load_state_dict(state)

B, N, D, K, M = 2, 6, 4, 3, 5
random = np.random.RandomState(7)
f32 = lambda x: torch.tensor(x.astype(np.float32))
X, y = f32(random.rand(B, N, D)), f32(random.rand(B, N))
x, flag = f32(random.rand(B, K, D)), torch.tensor(random.randint(0, 3, (B, K)))
t, eps = torch.tensor([[1, 40, 200], [500, 800, 1000]]), f32(random.randn(B, K, D))
xh, u = f32(random.rand(B, M, D)), f32(random.randn(B, M) * 0.5)
u[0, 0], u[1, 0] = 0.0, 40.0  # a tie, and one beyond the last bin
edges = torch.linspace(-6, 6, BINS + 1)
squashed = torch.asinh(u / 0.05).clamp(-5.99, 5.99)
bins = torch.bucketize(torch.where(u > 1e-6, squashed.clamp_min(1e-4), squashed.clamp_max(-1e-4)), edges) - 1

loss, eps_loss, head_loss = loss_of(model, (X, y, x, flag, t, eps, xh, bins))
loss.backward()
flat = lambda a: a.reshape(-1).tolist()
(folder / "loss.json").write_text(json.dumps({
    "contexts": B, "contextSize": N, "dimension": D, "queries": K, "headQueries": M,
    "contextX": flat(X), "contextY": flat(y), "queryX": flat(x), "improvementFlag": flat(flag),
    "timestep": flat(t), "noise": flat(eps), "headX": flat(xh), "headImprovement": flat(u),
    "loss": loss.item(), "epsLoss": eps_loss.item(), "headLoss": head_loss.item(),
    "gradients": {
        name: {"norm": p.grad.norm().item(), "first": flat(p.grad)[:4]} for name, p in model.named_parameters()
    },
}))

beta = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
abar = torch.cumprod(1 - beta, 0)
peer.ALPHA_BAR = torch.cat([torch.ones(1, dtype=torch.float64), abar]).float()
draws = 0


def noise():
    global draws
    draws += D
    return torch.tensor([math.sqrt(2) * math.sin(37 * i) for i in range(draws - D, draws)]).view(1, 1, D)


with torch.no_grad():
    context = model.encode(X[:1], y[:1])
    z = noise()
    for step in range(1000, 0, -1):
        b, a = beta[step - 1].item(), abar[step - 1].item()
        v, _ = model(z, torch.full((1, 1), step), torch.ones(1, 1, dtype=torch.long), context)
        predicted = math.sqrt(a) * v + math.sqrt(1 - a) * z
        z = (z - b / math.sqrt(1 - a) * predicted) / math.sqrt(1 - b)
        if step > 1:
            z = z + math.sqrt(b) * noise()
(folder / "literal_loop.json").write_text(json.dumps({"unclipped": flat(z), "x": flat((z.clamp(-1, 1) + 1) / 2)}))
