"""The synthetic prior in PyTorch: the peer of core/diffusion/training/pretraining_sampler.ts, on one thread.

A self-contained restatement of the rugged surfaces, the proposal and the Sampler, batched over surfaces
where core/ loops over points. Run by hand from the project's root, with torch installed:

    python3 benches/prior_peer.py          milliseconds a batch, of this and of prior_bench.ts in turns
    python3 benches/prior_peer.py shares   the numbers that tests/core/diffusion/training/pretraining_sampler_test.ts is pinned to
"""
import math
import subprocess
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def log_uniform(shape, low, high):
    return torch.exp(torch.rand(shape) * math.log(high / low) + math.log(low))


class Surfaces:
    """B random functions of D inputs."""

    def __init__(self, B, D):
        self.B, self.D = B, D
        k = torch.ceil((D ** torch.rand(B, 1)) * (0.6 + 0.8 * torch.rand(B, 1))).clamp(1, D)
        relevant = (torch.rand(B, D).argsort(1).float() < k).float()
        minor = log_uniform((B, 1), 0.01, 0.2) * (torch.rand(B, 1) < 0.6)
        amplitude = relevant + (1 - relevant) * minor
        # inputs
        self.power = torch.exp(0.4 * torch.randn(B, 1, D)) ** (torch.rand(B, 1, 1) < 0.4).float()
        self.quantised = (torch.rand(B, 1, 1) < 0.6) & (torch.rand(B, 1, D) < 0.8)
        self.levels, self.offset = torch.floor(log_uniform((B, 1, D), 3, 50)), torch.rand(B, 1, D)
        self.binary = (torch.rand(B, 1, D) < 0.25) & (torch.rand(B, 1, 1) < 0.6)
        self.switch = torch.where(torch.rand(B, 1, D) < 0.5, torch.tensor(0.5), torch.rand(B, 1, D))
        # Fourier process
        features = 96
        lengthscale = torch.exp(
            math.log(0.35) + 0.5 * torch.log(k).unsqueeze(-1) + 0.7 * torch.randn(B, D, 1) + 0.4 * torch.randn(B, 1, 1)
        )
        gamma = torch.distributions.Gamma(2.5, 1.0).sample((B, 1, features))
        tail = torch.where(torch.rand(B, 1, 1) < 0.5, torch.sqrt(5 / (2 * gamma)), torch.tensor(1.0))
        self.frequency = torch.randn(B, D, features) * tail / lengthscale * amplitude.unsqueeze(-1)
        self.phase = torch.rand(B, 1, features) * 2 * math.pi
        self.weight = torch.randn(B, features, 1) * math.sqrt(2 / features)
        # main effects
        self.effect = (amplitude * torch.exp(0.8 * torch.randn(B, D))).unsqueeze(1)
        kind = torch.softmax(3.0 * torch.randn(B, 3, D), 1)
        self.peak, self.sigmoid, self.step = kind[:, 0:1] * 3, kind[:, 1:2] * 2, kind[:, 2:3] * torch.randn(B, 1, D)
        self.centre, self.exponent = torch.rand(B, 1, D) * 1.5 - 0.25, 1 + torch.rand(B, 1, D)
        self.slope = log_uniform((B, 1, D), 2, 25) * torch.sign(torch.randn(B, 1, D))
        self.middle, self.threshold = torch.rand(B, 1, D) * 1.2 - 0.1, torch.rand(B, 1, D)
        self.soft_minimum = torch.rand(B, 1) < 0.35
        # trees and the jagged residual
        split = (amplitude + 1e-3) * torch.exp(0.5 * torch.randn(B, D))
        self.trees = self._trees(split, 24, 3, torch.exp(0.5 * torch.randn(B, 24, 1)))
        self.residual = self._trees(split + 0.02 * split.max(1, keepdim=True).values, 48, 4, 1 / math.sqrt(48))
        self.residual_amplitude = log_uniform((B, 1), 0.02, 0.6) * (torch.rand(B, 1) < 0.7)
        # gate
        self.gated, self.gate_input = torch.rand(B, 1) < 0.45, torch.randint(0, D, (B, 1, 1))
        self.gate_threshold = torch.where(torch.rand(B, 1) < 0.7, torch.tensor(0.5), torch.rand(B, 1))
        self.controlled = torch.rand(B, 1, D) < (0.3 + 0.6 * torch.rand(B, 1, 1))
        self.gate_shift, self.closed_above = torch.randn(B, 1) * 0.7, torch.rand(B, 1) < 0.5
        # mixture, link, cliff
        self.mixture = torch.softmax(2.5 * torch.randn(B, 3) + torch.tensor([0.6, 0.3, 0.0]), 1)
        self.link = torch.randint(0, 6, (B, 1))
        self.link_slope, self.link_offset = log_uniform((B, 1), 0.25, 1.5), torch.randn(B, 1)
        self.has_cliff, self.cliff_input = torch.rand(B, 1) < 0.15, torch.randint(0, D, (B, 1, 1))
        self.cliff_threshold, self.drop = 0.75 + 0.25 * torch.rand(B, 1), log_uniform((B, 1), 0.5, 5)
        self.cliff_at_zero = torch.rand(B, 1) < 0.5
        # scales
        X = torch.rand(B, 192, D)
        self.scales = [(c.mean(1, keepdim=True), c.std(1, keepdim=True) + 1e-6) for c in self._terms(X)]
        f = self._latent(X)
        self.mean, self.deviation = f.mean(1, keepdim=True), f.std(1, keepdim=True) + 1e-6
        self.response_deviation = self._linked(torch.rand(B, 192, D)).std(1, keepdim=True)

    def _trees(self, split, count, depth, magnitude):
        inputs = torch.multinomial(split, count * depth, replacement=True)
        leaves = torch.randn(self.B, count, 2**depth) * magnitude
        return inputs, torch.rand(self.B, 1, count * depth), leaves, depth

    def _tree_sum(self, X, trees):
        inputs, thresholds, leaves, depth = trees
        chosen = torch.gather(X, 2, inputs.unsqueeze(1).expand(-1, X.shape[1], -1))
        bits = (chosen > thresholds).view(self.B, X.shape[1], -1, depth).long()
        leaf = (bits * (2 ** torch.arange(depth))).sum(-1)
        return torch.gather(leaves, 2, leaf.transpose(1, 2)).sum(1)

    def _closed(self, X):
        x = torch.gather(X, 2, self.gate_input.expand(-1, X.shape[1], -1)).squeeze(-1)
        return ((x > self.gate_threshold) == self.closed_above) & self.gated

    def _terms(self, X):
        x = X**self.power
        levels = (torch.floor(x * self.levels + self.offset) + 0.5 - self.offset) / self.levels
        x = torch.where(self.quantised, levels, x)
        x = torch.where(self.binary, (x > self.switch).float(), x)
        x = torch.where(self._closed(X).unsqueeze(-1) & self.controlled, torch.tensor(0.5), x)
        process = (torch.cos(x @ self.frequency + self.phase) @ self.weight).squeeze(-1)
        h = self.sigmoid * torch.sigmoid(self.slope * (x - self.middle)) + self.step * (x > self.threshold)
        h = self.effect * (h - self.peak * (x - self.centre).abs().clamp_min(1e-6) ** self.exponent)
        effects = torch.where(self.soft_minimum, -torch.logsumexp(-3 * h, -1) / 3, h.sum(-1))
        return process, effects, self._tree_sum(x, self.trees)

    def _latent(self, X):
        terms = self._terms(X)
        f = sum(self.mixture[:, i : i + 1] * (terms[i] - self.scales[i][0]) / self.scales[i][1] for i in range(3))
        return f + self.gate_shift * self.mixture.norm(dim=1, keepdim=True) * self._closed(X).float()

    def _linked(self, X):
        f = (self._latent(X) - self.mean) / self.deviation
        a, b = self.link_slope, self.link_offset
        links = [
            f, -torch.exp(-a * f.clamp(-6, 6)), torch.tanh(a * f + b), f, torch.sigmoid(2 * a * f + b),
            -F.softplus(-2 * a * f + b),
        ]
        return torch.gather(torch.stack(links, -1), 2, self.link.unsqueeze(1).expand(-1, X.shape[1], 1)).squeeze(-1)

    def __call__(self, X):
        x = torch.gather(X, 2, self.cliff_input.expand(-1, X.shape[1], 1)).squeeze(-1)
        x = torch.where(self.cliff_at_zero, 1 - x, x)
        loss = self.has_cliff * self.drop * (x > self.cliff_threshold)
        jagged = self.residual_amplitude * self.response_deviation * self._tree_sum(X, self.residual)
        return self._linked(X) - loss + jagged


def propose(X, y, count, uniform_share=0.5):
    B, n, D = X.shape
    order = y.argsort(1, descending=True)
    rank = torch.floor(torch.log(torch.rand(B, count).clamp_min(1e-9)) / math.log(0.55)).clamp(max=n - 1).long()
    other_rank = torch.floor(torch.rand(B, count) * min(n, 10)).long()
    pick = lambda r: torch.gather(X, 1, torch.gather(order, 1, r).unsqueeze(-1).expand(-1, -1, D))
    base, other = pick(rank), pick(other_rank)
    shares = torch.tensor([1.0 / D, 2.0 / D, 3.5 / D, 0.3, 1.0])[torch.randint(0, 5, (B, count, 1))].clamp(max=1.0)
    changed = (torch.rand(B, count, D) < shares) | F.one_hot(torch.randint(0, D, (B, count)), D).bool()
    gaussian = base + log_uniform((B, count, 1), 0.01, 0.4) * torch.randn(B, count, D)
    border = (torch.rand(B, count, D) < 0.5).float()
    uniform = torch.where(torch.rand(B, count, D) < 0.05, border, torch.rand(B, count, D))
    extrapolated = base + (torch.rand(B, count, 1) * 1.5) * (base - other)
    way = torch.rand(B, count, 1)
    new = torch.where(way < 0.75, uniform, torch.where(way < 0.87, other, extrapolated))
    x = torch.where(changed, torch.where(way < 0.45, gaussian, new), base)
    return torch.where(torch.rand(B, count, 1) < uniform_share, uniform, x).clamp(0, 1)


def draw_contexts(surfaces, n):
    B, D = surfaces.B, surfaces.D
    starts = min(n, int(torch.randint(3, 11, (1,))))
    X = torch.rand(B, starts, D)
    binary = (torch.rand(B, 1, D) < 0.3) & (torch.rand(B, 1, 1) < 0.6)
    is_gate = F.one_hot(surfaces.gate_input.view(B, 1), D).bool()
    binary = binary | (is_gate & surfaces.gated.unsqueeze(-1) & (torch.rand(B, 1, 1) < 0.7))
    constant = (torch.rand(B, 1, D) < 0.15) & (torch.rand(B, 1, 1) < 0.6)
    X = torch.where(binary, (X > torch.rand(B, 1, D)).float(), X)
    X = torch.where(constant, (torch.rand(B, 1, D) > 0.3).float(), X)
    y = surfaces(X)
    noise = (torch.rand(B, 1) < 0.35) * log_uniform((B, 1), 0.005, 0.1) * y.std(1, keepdim=True)
    y = y + noise * torch.randn_like(y)
    surplus = [1.0, 1.0, 1.3, 2.0, 3.0][int(torch.randint(0, 5, (1,)))]
    searched = max(n, int(n * surplus)) - starts
    uniform_share, rounds = float(torch.rand(1)) ** 2 * 0.8, min(12, searched)
    for i in range(rounds):
        new = propose(X, y, searched // rounds + (1 if i < searched % rounds else 0), uniform_share)
        X, y = torch.cat([X, new], 1), torch.cat([y, surfaces(new)], 1)
    key = torch.rand(B, X.shape[1])
    if torch.rand(1) < 0.8:
        key.scatter_(1, y.argmax(1, keepdim=True), 2.0)
    kept = key.topk(n, 1).indices
    return torch.gather(X, 1, kept.unsqueeze(-1).expand(-1, -1, D)), torch.gather(y, 1, kept)


def sample(B=16, D=16, n=30, queries=12, head_queries=20, candidates=160):
    """Queries with their flags, and the improvements u of the head's queries."""
    surfaces = Surfaces(B, D)
    X, y = draw_contexts(surfaces, n)
    best = y.max(1, keepdim=True).values
    gap = best - y
    scale = torch.maximum(gap.median(1, keepdim=True).values, 0.2 * gap.mean(1, keepdim=True)).clamp_min(1e-6)
    first = propose(X, y, candidates)
    y_first = surfaces(first)
    second = propose(torch.cat([X, first], 1), torch.cat([y, y_first], 1), candidates // 2, 0.05)
    x, u = torch.cat([first, second], 1), (torch.cat([y_first, surfaces(second)], 1) - best) / scale
    better = u > 1e-6
    weight = torch.where(better, u, torch.tensor(0.0))
    weight[:, candidates:] *= 0.35
    count = queries * 2 // 3
    chosen_better = torch.multinomial(weight + (~better.any(1)).float().unsqueeze(1), count, replacement=True)
    chosen_worse = torch.multinomial((~better).float() + 1e-12, queries - count, replacement=True)
    chosen = torch.cat([chosen_better, chosen_worse], 1)
    return torch.gather(x, 1, chosen.unsqueeze(-1).expand(-1, -1, D)), torch.gather(better, 1, chosen), u[:, :head_queries]


def print_shares():
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)  # in float32, equal responses differ by rounding: ties look like improvements
    for n in (5, 20, 55):
        drawn = [sample(16, 16, n) for _ in range(120)]
        share = torch.stack([(u > 1e-6).float().mean() for _, _, u in drawn])
        flags = torch.stack([flag.float().mean() for _, flag, _ in drawn])
        u = torch.cat([u.flatten() for _, _, u in drawn])
        quantiles = torch.quantile(u, torch.tensor([0.05, 0.25, 0.5, 0.75]))
        print(
            f"n {n}: P(I = 1 | q) {share.mean():.4f} +- {share.std() / 120**.5:.4f}, share of better queries {flags.mean():.4f},"
            f" 5/25/50/75 % quantiles of u {[round(q, 3) for q in quantiles.tolist()]}"
        )


def print_times(rounds=3, batches=30):
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(batches):
            sample()
        ours = 1e3 * (time.perf_counter() - start) / batches
        command = ["deno", "run", "benches/prior_bench.ts", str(batches)]
        theirs = float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
        print(f"PyTorch {ours:.1f} ms a batch, TypeScript {theirs:.1f} ms, ratio {theirs / ours:.2f}")


if __name__ == "__main__":
    print_shares() if sys.argv[1:] == ["shares"] else print_times()
