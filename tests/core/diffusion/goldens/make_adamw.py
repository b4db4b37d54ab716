"""Reference trajectory of AdamW with gradient clipping, from PyTorch 1.13: python3 make_adamw.py > adamw.json"""
import json, math
import torch

torch.set_default_dtype(torch.float64)
steps, peak, warmup, final = 12, 0.05, 4, 0.02
weights = torch.tensor([0.5, -1.0, 2.0, 0.0], requires_grad=True)
start = weights.detach().tolist()
target = torch.tensor([1.0, 1.0, -1.0, 0.25])
optimizer = torch.optim.AdamW([weights], lr=peak, betas=(0.9, 0.98), weight_decay=0.1, eps=1e-8)
average = weights.detach().clone()
trajectory = []
for step in range(steps):
    cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
    for group in optimizer.param_groups:
        group["lr"] = peak * min(1, (step + 1) / warmup) * (cosine * (1 - final) + final)
    optimizer.zero_grad()
    (((weights - target) ** 2) * torch.tensor([1.0, 2.0, 3.0, 40.0])).sum().backward()
    norm = torch.nn.utils.clip_grad_norm_([weights], 1.0).item()
    optimizer.step()
    keep = min(0.998, (step + 1) / (step + 20))
    average.mul_(keep).add_(weights.detach(), alpha=1 - keep)
    trajectory.append({"norm": norm, "values": weights.tolist(), "average": average.tolist()})
print(json.dumps({"start": start, "target": target.tolist(), "trajectory": trajectory}))
