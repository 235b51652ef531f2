"""Characters beyond ASCII in LaTeX, as pdflatex sets them without further packages."""

from __future__ import annotations

import re
import unicodedata

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega", "ϵ": "epsilon", "ϑ": "vartheta", "ϕ": "phi", "ϱ": "varrho", "ς": "varsigma",
}  # fmt: skip
SIGNS = {
    "·": "cdot", "×": "times", "−": "-", "±": "pm", "∂": "partial", "∇": "nabla", "∞": "infty",
    "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx", "√": "surd", "∑": "sum", "∏": "prod",
    "→": "to", "←": "gets", "∈": "in", "…": "ldots", "ℓ": "ell", "∘": "circ", "ℝ": "Re",
}  # fmt: skip
# Beside a letter, in Unicode's decomposed form.
ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar",
    "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030c": "check", "\u20d7": "vec",
}  # fmt: skip
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", "0123456789+-()")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₍₎", "0123456789+-()")
QUOTES = {"“": r"\lq\lq ", "”": r"\text{''}", "‘": r"\lq ", "’": r"\text{'}"}
GROUP = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾]+|[₀₁₂₃₄₅₆₇₈₉₊₋₍₎]+|[^\x00-\x7f]")


def in_mathematics(latex: str) -> str:
    r"""Mathematics in LaTeX, in ASCII; what there is no command for as its number in Unicode.

    Example:
        >>> in_mathematics("\\mathrm{θ}"), in_mathematics("日")
        ('\\mathrm{\\theta }', '\\text{U+65E5}')
    """
    whole = unicodedata.normalize("NFD", latex)
    whole = re.sub(f"(.)([{''.join(ACCENTS)}])", _accented, whole)
    return GROUP.sub(_command, whole)


def _accented(match: re.Match[str]) -> str:
    letter, accent = match.groups()
    return rf"\{ACCENTS[accent]}{{{letter}}}" if letter.isalpha() else letter


def _command(match: re.Match[str]) -> str:
    text = match[0]
    raised, lowered = text.translate(RAISED), text.translate(LOWERED)
    if raised != text:
        return f"{{}}^{{{raised}}}"
    if lowered != text:
        return f"{{}}_{{{lowered}}}"
    if text in QUOTES:
        return QUOTES[text]
    command = GREEK.get(text) or SIGNS.get(text)
    if command is None:
        return rf"\text{{U+{ord(text):04X}}}"
    return command if command == "-" else rf"\{command} "


TEXT = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    **{character: f"\\{character}" for character in "_#%&${}"},
}  # fmt: skip


def in_text(text: str) -> str:
    r"""Words in LaTeX, in ASCII.

    Example:
        >>> in_text("0**p has ∂p = 0 for p ≥ 0")
        '0**p has $\\partial $p = 0 for p $\\geq $ 0'
    """
    escaped = "".join(TEXT.get(character, character) for character in text)
    return re.sub(r"[^\x00-\x7f]+", lambda match: f"${in_mathematics(match[0])}$", escaped)
