"""Writes the files beside it: the same sixty rows as numpy, scikit-learn's users, safetensors and torch save them.

python make.py, with numpy, safetensors and torch; they were made with 2.4, 0.8 and 2.15.
"""
import numpy as np
import torch
from safetensors.numpy import save_file

row = np.arange(60)
y_true = (row % 3 == 0).astype(np.int64)
score = ((row * 37 % 60 + 25 * y_true) / 90).astype(np.float32)
y_prob = np.column_stack([1 - score, score])
age = np.where(row == 7, np.nan, 20 + row).astype(np.float32)
ward = (row % 2).astype(np.int8)
sex = np.where(row % 4 < 2, "F", "M")

np.savez_compressed("pilot.npz", y_true=y_true, y_prob=np.asfortranarray(y_prob), age=age, ward=ward, sex=sex)
table = np.empty(60, dtype=[("y_true", "?"), ("y_prob_0", ">f4"), ("y_prob_1", ">f4"), ("age", "<f4"), ("ward", "<i2")])
for name, values in [("y_true", y_true), ("y_prob_0", y_prob[:, 0]), ("y_prob_1", score), ("age", age), ("ward", ward)]:
    table[name] = values
np.save("pilot.npy", table)
save_file({"y_true": y_true, "y_prob": np.ascontiguousarray(y_prob), "age": age, "ward": ward}, "pilot.safetensors")
tensors = {name: torch.tensor(values) for name, values in [("y_true", y_true), ("age", age), ("ward", ward)]}
# A view of a larger tensor with its axes exchanged, as models leave them.
tensors["y_prob"] = torch.tensor(np.vstack([y_prob.T, age[None, :]]))[:2].T
torch.save(tensors, "pilot.pt")
