"""Mathematics as it stands in docstrings, ``d(A^-1) = -A^-1 dA A^-1``, rendered as MathML.

Scripts are ``x_i`` and ``A^T``, several in parentheses; ``*`` is the elementwise product, ``a / b`` a fraction,
``<a, b>`` an inner product, ``o`` composition, ``.`` what a map is applied to. Greek letters go by their names. What is
no formula, such as the name of a parameter, is code.
"""

from __future__ import annotations

import re
from html import escape

from .tokens_of_formulas import NotAFormula, Token, tokens

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "theta": "θ", "lambda": "λ", "mu": "μ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "Sigma": "Σ", "tau": "τ", "phi": "φ", "Phi": "Φ", "omega": "ω", "inf": "∞",
}  # fmt: skip
NUMBERED = frozenset(["log2", "log10", "log1p", "exp2", "arctan2"])  # names whose number is no index
LARGE = {"sum": "∑", "prod": "∏", "int": "∫"}
SIGNS = {
    "->": "↦", "<=": "≤", ">=": "≥", "!=": "≠", "*": "⊙", "-": "−", ".": "·", "...": "…", "compose": "∘",
    "=": "=", "<": "<", ">": ">", "+": "+", ",": ",", ";": ";", ":": ":", "@": "@", "==": "=", "in": "∈", "~": "~",
}  # fmt: skip
RELATIONS = frozenset(["->", "<=", ">=", "!=", "=", "==", "<", ">", ",", ";", ":", "+", "-", "compose", "in", "~"])
CLOSES = {"(": ")", "[": "]", "{": "}", "<": ">", "|": "|", "||": "||"}
FENCES = {"<": "⟨", ">": "⟩", "||": "‖"}


def prose(text: str) -> str:
    """HTML of a docstring's paragraph: its formulas in double backticks as MathML, code in single ones."""
    parts = re.split(r"``(.+?)``", text)
    return "".join(_words(part) if number % 2 == 0 else formula(part) for number, part in enumerate(parts))


def _words(text: str) -> str:
    return re.sub(r"`(.+?)`", r"<code>\1</code>", escape(text, quote=False))


def formula(text: str) -> str:
    """MathML of a formula; of what is none, its text as code."""
    if re.fullmatch(r"[A-Za-z]{3,}(_[A-Za-z]+)*\d*", text) and text.removeprefix("d") not in GREEK:
        return f"<code>{escape(text, quote=False)}</code>"
    try:
        reader = _Reader(tokens(text))
        body = reader.row(until=None)
    except NotAFormula:
        return f"<code>{escape(text, quote=False)}</code>"
    return f"<math>{body}</math>"


class _Reader:
    """Reads tokens from the left; each method returns the MathML of what it has read."""

    def __init__(self, given: list[Token]) -> None:
        self.rest = given
        self.in_script = False  # where a fraction is written with a stroke, so that it stays large enough to read

    def next_is(self, *texts: str) -> bool:
        return bool(self.rest) and self.rest[0].text in texts

    def take(self) -> Token:
        if not self.rest:
            raise NotAFormula("it ends too early")
        return self.rest.pop(0)

    def row(self, until: str | None) -> str:
        """Products joined by relations, up to a closing bracket."""
        parts: list[str] = []
        while self.rest and not (until and self.next_is(until)):
            if self.rest[0].text in RELATIONS and not self._opens_an_inner_product():
                parts.append(_operator(self.take().text))
            else:
                parts.append(self.product(until))
        if until:
            if not self.next_is(until):
                raise NotAFormula(f"{until} is missing")
            self.take()
        return _grouped(parts)

    def product(self, until: str | None) -> str:
        """Factors side by side; a stroke puts all before it over the next one."""
        parts: list[str] = []
        bare = ""  # the last factor without its own parentheses, where it is one in parentheses
        while self.rest and not (until and self.next_is(until)):
            text = self.rest[0].text
            if text == "/" and parts:
                self.take()
                above = bare if len(parts) == 1 and bare else _grouped(parts)
                below, inside = self.factor()
                if self.in_script:
                    parts, bare = [*parts, "<mo>/</mo>", below], ""
                else:
                    parts, bare = [f"<mfrac>{above}{inside or below}</mfrac>"], ""
            elif text in ("*", "@"):
                parts.append(_operator(self.take().text))
            elif (text in RELATIONS and not self._opens_an_inner_product()) or text in CLOSES.values() - CLOSES.keys():
                break
            else:
                if parts and self.rest[0].spaced and not parts[-1].endswith("</mo>"):
                    parts.append('<mspace width="0.17em"></mspace>')
                factor, bare = self.factor()
                parts.append(factor)
        if not parts:
            raise NotAFormula("a factor is missing")
        return _grouped(parts)

    def factor(self) -> tuple[str, str]:
        """An atom with its scripts; and what is inside of its parentheses, if it is nothing but these."""
        if self.next_is("-", "+"):
            sign = _operator(self.take().text)
            return _grouped([sign, self.factor()[0]]), ""
        large = self.rest[0].text in LARGE if self.rest else False
        base, inside = self.atom()
        while self.next_is("_", "^") or (self.next_is("(", "[") and not self.rest[0].spaced):
            base = self._scripted(base, large) if self.next_is("_", "^") else _grouped([base, self.atom()[0]])
            inside = ""
        return base, inside

    def _scripted(self, base: str, large: bool) -> str:
        which = self.take().text
        script = self.script(subscript=which == "_")
        if which == "_" and self.next_is("^"):
            self.take()
            tag = "munderover" if large else "msubsup"
            return f"<{tag}>{base}{script}{self.script(subscript=False)}</{tag}>"
        tag = ("munder" if large else "msub") if which == "_" else "msup"
        return f"<{tag}>{base}{script}</{tag}>"

    def script(self, subscript: bool) -> str:
        if self.next_is("-"):
            return _grouped([_operator(self.take().text), self.script(subscript)])
        if self.next_is("+", "*"):
            return _operator(self.take().text)
        if self.next_is("(", "{"):
            closing = CLOSES[self.take().text]
            outside, self.in_script = self.in_script, True
            inside = self.row(closing)
            self.in_script = outside
            return inside
        if self.next_is("|", "||"):
            return self.atom()[0]
        token = self.take()
        if subscript and token.kind == "name" and token.text not in GREEK and len(token.text) <= 3:
            return _grouped([f"<mi>{letter}</mi>" for letter in token.text])
        return _plain(token)

    def atom(self) -> tuple[str, str]:
        token = self.take()
        if token.text in CLOSES:
            close = CLOSES[token.text]
            inside = self.row(close)
            fence = f"{_fence(token.text)}{inside}{_fence(close)}"
            return f"<mrow>{fence}</mrow>", inside if token.text == "(" else ""
        if token.text == "sqrt" and self.next_is("("):
            self.take()
            return f"<msqrt>{self.row(')')}</msqrt>", ""
        if token.text in LARGE:
            return f"<mo>{LARGE[token.text]}</mo>", ""
        if token.text in (".", "..."):
            return _operator(token.text), ""
        return _plain(token), ""

    def _opens_an_inner_product(self) -> bool:
        """Whether a ``<`` is a bracket: one that is followed by a comma and its ``>``."""
        if not self.next_is("<"):
            return False
        texts = [token.text for token in self.rest]
        return ">" in texts and "," in texts[: texts.index(">")]


def _plain(token: Token) -> str:
    """A number, or a name: Greek, a differential, one with a number, or as it is."""
    text = token.text
    if text.endswith("'"):
        bare = text.rstrip("'")
        primes = "′" * (len(text) - len(bare))
        name = bare.removeprefix("d") if len(bare) == 2 else bare
        primed = f"<msup>{_plain(token._replace(text=name))}<mo>{primes}</mo></msup>"
        return primed if name == bare else f'<mrow><mi mathvariant="normal">d</mi>{primed}</mrow>'
    if token.kind == "number":
        return f"<mn>{text}</mn>"
    if token.kind != "name":
        raise NotAFormula(f"{text} stands where a name should")
    if text in GREEK:
        return f"<mi>{GREEK[text]}</mi>"
    differential = re.fullmatch(r"d([A-Za-z]|" + "|".join(GREEK) + r")(\d*)", text)
    if text == "d" or differential:
        upright = '<mi mathvariant="normal">d</mi>'
        return upright if not differential else f"<mrow>{upright}{_numbered(*differential.groups())}</mrow>"
    numbered = re.fullmatch(r"([A-Za-z]+?)(\d+)", text)
    if numbered and text not in NUMBERED:
        return _numbered(*numbered.groups())
    return f"<mi>{escape(text)}</mi>"


def _numbered(name: str, number: str) -> str:
    name = f"<mi>{GREEK.get(name, name)}</mi>"
    return f"<msub>{name}<mn>{number}</mn></msub>" if number else name


def _operator(text: str) -> str:
    return f"<mo>{escape(SIGNS[text])}</mo>"


def _fence(text: str) -> str:
    return f'<mo fence="true">{FENCES.get(text, escape(text))}</mo>'


def _grouped(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"
