"""What an entity that no vocabulary has is called, by the ways in which texts write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.extract.tokens import normal, shape

if TYPE_CHECKING:
    from collections import Counter

__all__ = ["bare", "plainest", "spelled_out"]

#: Words that end in s and are no plurals.
_SINGULAR = re.compile(r"(?:us|is|ics|bias|atlas|alias|canvas|lens|series|species|bayes|news)$", re.IGNORECASE)

#: Plurals of words in y.
_TURNED = re.compile(r"[bcdfghlmnpqrstvxz]ies$")

#: Plurals in es.
_HISSED = re.compile(r"(?:ss|x|ch|sh|zz)es$")

#: Words in names of methods and measures that have a capital wherever they stand, for they come from people and places.
_NAMES: Final = """
arabic bayes bayesian bernoulli boltzmann bregman carlo cauchy chebyshev chinese cox dirichlet english euclidean
fisher fourier french frobenius fréchet gauss gaussian german gibbs hamiltonian hausdorff hebbian hermitian hessian
hilbert hindi jacobian japanese kalman kolmogorov korean kullback lagrange lagrangian langevin laplace laplacian
leibler lipschitz lyapunov mahalanobis markov markovian matérn minkowski monte nash nesterov newton nyström pareto
parzen poisson rademacher riemannian russian shannon shapley sinkhorn sobolev spanish stackelberg stein taylor
thompson tikhonov tsallis wasserstein wiener
"""
_PROPER = frozenset(_NAMES.split())


#: A short form in brackets within a name.
_WITHIN = re.compile(r"(?<=\w)\s+\([\w-]{1,8}\)(?=\s+\w)")


#: Several names that share their beginning: what they share, the numbers that follow it, and what all have behind.
_SHARING = re.compile(
    r"(?P<head>.*?[^\W\d_][- ]?)(?:\$?\\?\{)?"
    r"(?P<ends>[vV]?\d[\d.]*(?:\s*(?:[/,&]|and)\s*-?[vV]?\d[\d.]*)+)(?:\\?\}\$?)?(?P<tail>-\w+)?"
)
_BETWEEN = re.compile(r"[\s/,&]+(?:and\s+)?")
_NUMBER = re.compile(r"[vV]?\d[\d.]*")


def spelled_out(name: str) -> tuple[str, ...]:
    r"""The names that a stretch of text holds if it is no name itself; empty if it cannot hold several.

    >>> spelled_out("CIFAR-10/100"), spelled_out(r"CIFAR-$\{10,100\}$"), spelled_out("MNIST/SVHN"), spelled_out("MNIST")
    (('CIFAR-10', 'CIFAR-100'), ('CIFAR-10', 'CIFAR-100'), ('MNIST', 'SVHN'), ())
    """
    found = _SHARING.fullmatch(name)
    if found:
        return tuple(f"{found['head']}{end}{found['tail'] or ''}" for end in _NUMBER.findall(found["ends"]))
    names = tuple(filter(None, _BETWEEN.split(name)))
    return names if len(names) > 1 else ()


def bare(name: str) -> str:
    """A name without the short form that it explains.

    >>> bare("out-of-distribution (OOD) detection"), bare("F(x) networks"), bare("(1+1) EA")
    ('out-of-distribution detection', 'F(x) networks', '(1+1) EA')
    """
    return _WITHIN.sub("", name)


def plainest(surfaces: Counter[str], *, proper: bool = False) -> str:
    """The plainest spelling: a common noun in lower case and singular, a `proper` name as it is written."""
    whole = [name for name in surfaces if bare(name) == name] or list(surfaces)
    longest = max(len(name.split()) for name in whole)
    name = min((n for n in whole if len(n.split()) == longest), key=lambda n: (sum(map(str.isupper, n)), len(n), n))
    words = name.split()
    if len(words) > 1 and not proper and all(shape(word) != "name" for word in words):
        words = [word.lower() for word in words] if words[-1][0].islower() or words[0][0].isupper() else words
    if shape(words[-1]) == "plain" and normal(words[-1]) == words[-1][:-1] and not _SINGULAR.search(words[-1]):
        words[-1] = _singular(words[-1])
    return " ".join(word.capitalize() if word in _PROPER and len(words) > 1 else word for word in words)


def _singular(plural: str) -> str:
    if _TURNED.search(plural):
        return f"{plural[:-3]}y"
    return plural[: -len("es")] if _HISSED.search(plural) else plural[: -len("s")]
