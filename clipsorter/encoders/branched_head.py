"""The head of the starter model's vision tower: what was taught, what the trunk knew before, and traits. Child only.

A head trained on a few thousand photos gets sure of the kinds it saw and forgets the rest. So the trunk's own ImageNet
classifier stays as a second branch, in the manner of ConSE (Norouzi et al., 2014): the meanings of the 1,000 classes,
averaged by their probabilities. Where the classifier is unsure the average is short and the trained branch decides.
ImageNet has no class for people, screens or weather: these are traits, each added as far as the photo shows it, and the
less the surer the classifier is of something: a photo of a band is music first and people second.
"""

import torch
from torch import Tensor, nn

CLASSES = 1000  # of ImageNet
FEATURES = 1280  # of the trunk
# How fast traits give way to what the classifier is sure of; chosen with their shares, on sources never trained on.
YIELDING = 3


class BranchedHead(nn.Module):
    """Trunk features [B, 1280] to image embeddings [B, D], not normalised."""

    def __init__(self, mlp: nn.Module, dimension: int, traits: int) -> None:
        """``mlp`` is the trained projection, as open_clip builds it."""
        super().__init__()
        self.mlp = mlp
        self.classifier = nn.Linear(FEATURES, CLASSES)
        self.meanings = nn.Linear(CLASSES, dimension, bias=False)  # columns of one length: the branch's share
        self.traits = nn.Linear(FEATURES, traits)
        self.shown = nn.Linear(traits, dimension, bias=False)  # what each trait means, as long as its share

    def forward(self, features: Tensor) -> Tensor:
        learned = nn.functional.normalize(self.mlp(features), dim=-1)
        known: Tensor = self.meanings(torch.softmax(self.classifier(features), dim=-1))
        sure = known.norm(dim=-1, keepdim=True) / self.meanings.weight.norm(dim=0).amax()
        shown: Tensor = self.shown(torch.sigmoid(self.traits(features)))
        embeddings: Tensor = learned + known + (1 - sure).clamp(min=0) ** YIELDING * shown
        return embeddings
