"""
References of Muon: the iteration applied to singular values, from NumPy's SVD, and a trajectory of a 3 x 2 matrix
that Muon steps beside two weights that PyTorch's AdamW steps: python3 make_muon.py > muon.json
"""
import json, math
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
generator = np.random.default_rng(1)


def orthogonalized(matrix):
    """The quintic on every singular value: it leaves the singular vectors as they are."""
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    s = s / np.linalg.norm(matrix)
    for _ in range(5):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return (u * s) @ vt


matrices = []
for shape in [(1, 1), (3, 5), (6, 4), (5, 5), (9, 12)]:
    matrix = generator.normal(size=shape).round(3)
    matrices.append({
        "rows": shape[0], "columns": shape[1], "matrix": matrix.ravel().tolist(),
        "orthogonalized": orthogonalized(matrix).ravel().tolist(),
    })

steps, peak, warmup, final, scale, decay = 12, 0.05, 4, 0.02, 0.5, 0.1
values = torch.tensor([0.5, -1.0, 2.0, 0.0, 1.5, -0.5, 1.0, -2.0])
start, rows, columns = values.tolist(), 3, 2  # the matrix stands first
target = torch.tensor([1.0, 1.0, -1.0, 0.25, 0.0, 0.5, 2.0, 1.0])
curvature = torch.tensor([1.0, 2.0, 3.0, 40.0, 1.0, 2.0, 3.0, 4.0])
rest = values[6:].clone().requires_grad_()
optimizer = torch.optim.AdamW([rest], lr=peak, betas=(0.9, 0.98), weight_decay=decay, eps=1e-8)
moment = torch.zeros(6)
trajectory = []
for step in range(steps):
    cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
    rate = peak * min(1, (step + 1) / warmup) * (cosine * (1 - final) + final)
    optimizer.param_groups[0]["lr"] = rate
    gradient = 2 * curvature * (values - target)
    gradient = gradient * min(1, 1 / (gradient.norm().item() + 1e-6))
    moment = 0.95 * moment + 0.05 * gradient[:6]
    nesterov = 0.95 * moment + 0.05 * gradient[:6]
    direction = orthogonalized(nesterov.numpy().reshape(rows, columns))
    direction = torch.tensor(direction.ravel() * scale * math.sqrt(max(rows, columns)))
    rest.grad = gradient[6:].clone()
    optimizer.step()
    values = torch.cat([values[:6] * (1 - rate * decay) - rate * direction, rest.detach()])
    trajectory.append(values.tolist())
print(json.dumps({
    "matrices": matrices, "start": start, "target": target.tolist(),
    "curvature": curvature.tolist(), "trajectory": trajectory,
}))
