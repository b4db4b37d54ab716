"""One pre-training step of the network in PyTorch: the peer of training_step_bench.ts.

A self-contained restatement (loss, backward, gradient clipping, AdamW, moving average) with the same
sizes, on one thread. Prints the median of the CPU seconds of a step. Usage: training_step_peer.py [repeats]
"""
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)
CONTEXTS, POINTS, DIMS, QUERIES, HEAD_QUERIES = 16, 30, 16, 12, 20
WIDTH, HEADS, CONDITION, BINS, T = 32, 4, 48, 48, 1000

steps = torch.arange(T + 1, dtype=torch.float64) / T
alpha_bar = torch.cos((steps + 0.008) / 1.008 * math.pi / 2) ** 2
ALPHA_BAR = (alpha_bar / alpha_bar[0]).clamp(1e-5, 1).float()


def coordinate_features(z, offset):
    features = [z, z * z]
    for k in (1.0, 2.0, 4.0):
        features += [torch.sin(math.pi * k * z / 2), torch.cos(math.pi * k * z / 2)]
    features += [offset, torch.tanh(2 * offset), torch.tanh(10 * offset), torch.exp(-((offset / 0.1) ** 2))]
    return torch.stack(features, -1)


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.g = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * self.g


class Block(nn.Module):
    def __init__(self, d, h=HEADS, cond=0):
        super().__init__()
        self.d, self.h, self.cond = d, h, cond
        self.n1, self.n2 = RMSNorm(d), RMSNorm(d)
        self.q = nn.Linear(d, 2 * d, bias=False)
        self.kv = nn.Linear(d, 4 * d, bias=False)
        self.o = nn.Linear(2 * d, d, bias=False)
        self.ard = nn.Linear(d + cond, h)
        self.m1, self.m2 = nn.Linear(2 * d, 2 * d), nn.Linear(2 * d, d)
        if cond:
            self.ada = nn.Linear(cond, 4 * d)

    def forward(self, g, zq, source, zk, col, c=None):
        B, N, D, d = g.shape
        h, dh, n = self.h, d // self.h, source.shape[1]
        u = self.n1(g)
        if self.cond:
            a = self.ada(c).view(B, N, 1, 4, d)
            u = u * (1 + a[..., 0, :]) + a[..., 1, :]
        q1, q2 = self.q(u).split(d, -1)
        k1, k2, v1, v2 = self.kv(source).split(d, -1)
        tied = lambda x, m: x.view(B, m, D, h, dh).permute(0, 3, 1, 2, 4).reshape(B, h, m, D * dh)
        column = lambda x, m: x.view(B, m, D, h, dh).permute(0, 2, 3, 1, 4).contiguous()
        if self.cond:
            w = F.softplus((col @ self.ard.weight[:, :d].t()).unsqueeze(1)
                           + (c @ self.ard.weight[:, d:].t()).unsqueeze(2) + self.ard.bias)
            zs, share = zq
            wz, zz = w.permute(0, 3, 1, 2), zs.unsqueeze(1)
            kk = zk.unsqueeze(1).expand(-1, h, -1, -1)
            s = share.view(B, 1, N, 1)
            bias = 2 * s * ((wz * zz) @ kk.transpose(-1, -2)) - s * s * (wz @ (kk * kk).transpose(-1, -2))
        else:
            wz = F.softplus(self.ard(col)).permute(0, 2, 1).unsqueeze(2)
            zz = zk.unsqueeze(1)
            bias = 2 * ((wz * zz) @ zz.transpose(-1, -2)) - (wz * zz * zz).sum(-1).unsqueeze(-2)
        A = torch.softmax(tied(q1, N) @ tied(k1, n).transpose(-1, -2) / math.sqrt(dh * D) + bias, -1)
        o1 = (A @ tied(v1, n)).view(B, h, N, D, dh).permute(0, 2, 3, 1, 4).reshape(B, N, D, d)
        k, v = column(k2, n), column(v2, n)
        if hasattr(F, "scaled_dot_product_attention"):
            o2 = F.scaled_dot_product_attention(column(q2, N), k, v)
        else:
            o2 = torch.softmax(column(q2, N) @ k.transpose(-1, -2) / math.sqrt(dh), -1) @ v
        o2 = o2.permute(0, 3, 1, 2, 4).reshape(B, N, D, d)
        g = g + self.o(torch.cat([o1, o2], -1))
        u = self.n2(g)
        if self.cond:
            u = u * (1 + a[..., 2, :]) + a[..., 3, :]
        pooled = u.mean(2, keepdim=True).expand(-1, -1, D, -1)
        return g + self.m2(F.gelu(self.m1(torch.cat([u, pooled], -1)), approximate="tanh"))


class Model(nn.Module):
    def __init__(self, d=WIDTH, blocks=3, cond=CONDITION):
        super().__init__()
        self.d = d
        self.ex, self.ey = nn.Linear(12, d), nn.Linear(7, d)
        self.enc = nn.ModuleList([Block(d) for _ in range(blocks)])
        self.eg = nn.ModuleList([nn.Linear(d, d) for _ in range(blocks)])
        self.nk, self.colp = RMSNorm(d), nn.Linear(2 * d, d)
        self.qx, self.qc = nn.Linear(12, d), nn.Linear(d, d)
        self.te = nn.Sequential(nn.Linear(20, cond), nn.SiLU(), nn.Linear(cond, cond))
        self.ie = nn.Embedding(3, cond)
        self.dec = nn.ModuleList([Block(d, cond=cond) for _ in range(blocks)])
        self.no, self.out = RMSNorm(d), nn.Linear(d, 1)
        self.hd = nn.Sequential(nn.Linear(2 * d + cond, 2 * d), nn.GELU(approximate="tanh"), nn.Linear(2 * d, BINS))

    def encode(self, X, y):
        B, n, D = X.shape
        z = 2 * X - 1
        best = y.max(1, keepdim=True).values
        gap = best - y
        a = -gap / torch.maximum(gap.median(1, keepdim=True).values, 0.2 * gap.mean(1, keepdim=True)).clamp_min(1e-6)
        ib = y.argmax(1)
        zb = torch.gather(z, 1, ib.view(B, 1, 1).expand(-1, -1, D))
        rank = (y.unsqueeze(2) > y.unsqueeze(1)).float().mean(2)
        zscore = ((y - y.mean(1, keepdim=True)) / (y.std(1, keepdim=True) + 1e-9)).clamp(-3, 3)
        yf = torch.stack([torch.asinh(a / 0.05) / 6, a / (1 - a), rank, zscore / 2, (y >= best - 1e-9).float(),
                          torch.full_like(a, math.log(n) / 4), torch.full_like(a, math.log(D) / 3)], -1)
        h = self.ex(coordinate_features(z, z - zb)) + self.ey(yf).unsqueeze(2)
        for block, eg in zip(self.enc, self.eg):
            col = h.mean(1)
            h = h + eg(col).unsqueeze(1)
            h = block(h, z, block.n1(h), z, col)
        hn = self.nk(h)
        row = torch.gather(hn, 1, ib.view(B, 1, 1, 1).expand(-1, -1, D, self.d)).squeeze(1)
        return hn, z, zb, self.colp(torch.cat([hn.mean(1), row], -1))

    def forward(self, zt, t, flag, context):
        h, z, zb, col = context
        ab = ALPHA_BAR[t]
        sa, sn = ab.sqrt(), (1 - ab).sqrt()
        lam = torch.log(ab / (1 - ab + 1e-4)).clamp(-12, 10)
        fr = torch.arange(1, 9) * 0.5
        tf = torch.stack([lam / 6, sa, sn, (t == 0).float()], -1)
        tf = torch.cat([tf, torch.sin(lam.unsqueeze(-1) * fr / 4), torch.cos(lam.unsqueeze(-1) * fr / 4)], -1)
        c = self.te(tf) + self.ie(flag)
        g = self.qx(coordinate_features(zt, zt - sa.unsqueeze(-1) * zb)) + self.qc(col).unsqueeze(1)
        for block in self.dec:
            g = block(g, (zt, sa), h, z, col, c)
        gn = self.no(g)
        return self.out(gn).squeeze(-1), torch.cat([gn.mean(2), gn.amax(2), c], -1)


def loss_of(model, batch):
    X, y, x, flag, t, eps, xh, cls = batch
    ab = ALPHA_BAR[t].unsqueeze(-1)
    zt = ab.sqrt() * (2 * x - 1) + (1 - ab).sqrt() * eps
    zeros = torch.zeros(xh.shape[:2], dtype=torch.long)
    v, features = model(torch.cat([zt, 2 * xh - 1], 1), torch.cat([t, zeros], 1),
                        torch.cat([flag, zeros + 2], 1), model.encode(X, y))
    target = ab.sqrt() * eps - (1 - ab).sqrt() * (2 * x - 1)
    head = F.cross_entropy(model.hd(features[:, x.shape[1]:]).reshape(-1, BINS), cls.reshape(-1))
    squares = (target - v[:, :x.shape[1]]) ** 2
    return squares.mean() + 0.3 * head, (ab * squares).mean(), head


def main():
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.98), weight_decay=1e-4)
    average = {k: v.clone() for k, v in model.state_dict().items()}
    batch = (torch.rand(CONTEXTS, POINTS, DIMS), torch.rand(CONTEXTS, POINTS),
             torch.rand(CONTEXTS, QUERIES, DIMS), torch.randint(0, 3, (CONTEXTS, QUERIES)),
             torch.randint(1, T + 1, (CONTEXTS, QUERIES)), torch.randn(CONTEXTS, QUERIES, DIMS),
             torch.rand(CONTEXTS, HEAD_QUERIES, DIMS), torch.randint(0, BINS, (CONTEXTS, HEAD_QUERIES)))
    times = []
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10):
        start = time.process_time()
        loss, _, _ = loss_of(model, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        state = model.state_dict()
        for k in average:
            average[k].mul_(0.998).add_(state[k], alpha=0.002)
        times.append(time.process_time() - start)
    print(sorted(times)[len(times) // 2])


if __name__ == "__main__":
    main()
