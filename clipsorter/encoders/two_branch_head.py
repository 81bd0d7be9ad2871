"""The head of the starter model's vision tower: what training taught, and what the trunk knew before. Child only.

A head trained on a few thousand photos gets sure of the kinds it saw and forgets the rest. So the trunk's own ImageNet
classifier stays as a second branch, in the manner of ConSE (Norouzi et al., 2014): the meanings of the 1,000 classes,
averaged by their probabilities. Where the classifier is unsure the average is short and the trained branch decides.
"""

import torch
from torch import Tensor, nn

CLASSES = 1000  # of ImageNet
FEATURES = 1280  # of the trunk


class TwoBranchHead(nn.Module):
    """Trunk features [B, 1280] to image embeddings [B, D], not normalised."""

    def __init__(self, mlp: nn.Module, dimension: int) -> None:
        """``mlp`` is the trained projection, as open_clip builds it."""
        super().__init__()
        self.mlp = mlp
        self.classifier = nn.Linear(FEATURES, CLASSES)
        self.meanings = nn.Linear(CLASSES, dimension, bias=False)  # columns of one length: the branch's share

    def forward(self, features: Tensor) -> Tensor:
        learned = nn.functional.normalize(self.mlp(features), dim=-1)
        known: Tensor = self.meanings(torch.softmax(self.classifier(features), dim=-1))
        return learned + known
