"""Text for the bench, from what is at hand: a file of one's own, Debian's descriptions, or a small
sample that is shipped. Every source gives passages of a few sentences; nothing is kept of it.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

SAMPLE = Path(__file__).with_name("sample.txt")
WORDS = re.compile(r"[a-z0-9]+|[㐀-鿿]+")
SHORTEST = 4  # words; a heading or a list's bullet is no passage
LANGUAGES = ("en", "zh_CN", "zh_TW")
APT_HELPER = "/usr/lib/apt/apt-helper"


def words(text: str) -> list[str]:
    """Lower-case words, and pairs of neighbouring Han characters; no word is left out."""
    found: list[str] = []
    for run in WORDS.findall(text.lower()):
        found += [run] if run.isascii() else han_pairs(run)
    return found


def han_pairs(run: str) -> list[str]:
    """Each two characters that follow each other; a lone one stays alone."""
    return [run[at : at + 2] for at in range(max(len(run) - 1, 1))]


def from_jsonl(path: Path) -> Iterator[str]:
    """The text of each line: its "text", after its "title" where it has one."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            yield f"{entry.get('title', '')} {entry['text']}"


def from_sample() -> Iterator[str]:
    """The shipped sample: one passage a line, written for this bench."""
    yield from SAMPLE.read_text(encoding="utf-8").splitlines()


def from_debian(folder: Path) -> Iterator[str]:
    """Paragraphs of Debian's package descriptions; none where apt is not there."""
    if shutil.which("apt-cache") is None:
        return
    translations = list(long_descriptions(folder))
    if translations:
        for text in translations:
            yield from re.split(r"\n \.\n|\n\n", text)
        return
    listing = output("apt-cache", "dumpavail")
    yield from re.findall(r"^Description(?:-en)?: (.+(?:\n .+)*)", listing, re.MULTILINE)


def long_descriptions(folder: Path) -> Iterator[str]:
    """The translation lists of the archive, fetched into a folder of our own.

    Where the archive cannot be reached, nothing: apt's own lists often hold the first line alone.
    """
    lists = folder / "apt"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    here = ("-o", f"Dir::State::Lists={lists.absolute()}/", "-o", "APT::Sandbox::User=root")
    if not any(lists.glob("*Translation*")):
        output("apt-get", *here, "-o", f"Acquire::Languages={','.join(LANGUAGES)}", "update")
    for path in sorted(lists.glob("*Translation*")):
        listing = output(APT_HELPER, "cat-file", str(path))
        yield from re.findall(r"^Description-\w+: (.+(?:\n .+)*)", listing, re.MULTILINE)


def output(*command: str) -> str:
    """What a command prints; nothing where it fails, for apt is a help and no need."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout if result.returncode == 0 else ""


def passages(texts: Iterable[str]) -> list[list[str]]:
    """Each text as its words, once, the short ones left out."""
    unique = {tuple(words(text)) for text in texts}
    return [list(passage) for passage in sorted(unique) if len(passage) >= SHORTEST]


def sized(real: list[list[str]], size: int, seed: int) -> list[list[str]]:
    """As many passages as asked: real ones, then seeded runs of 4 to 20 words out of real ones."""
    chance = random.Random(seed)
    drawn = chance.sample(real, min(size, len(real)))
    while len(drawn) < size:
        passage, length = chance.choice(real), chance.randint(SHORTEST, 20)
        start = chance.randrange(max(len(passage) - length, 0) + 1)
        drawn.append(passage[start : start + length])
    return drawn


def questions(held_out: list[list[str]], count: int, seed: int) -> list[list[str]]:
    """Runs of 3 to 8 words of passages that are in no corpus, three in ten Chinese if there are."""
    chance = random.Random(seed)
    chinese = [passage for passage in held_out if not passage[0].isascii()]
    asked: list[list[str]] = []
    while len(asked) < count:
        pool = chinese if chinese and chance.random() < 0.3 else held_out
        passage, length = chance.choice(pool), chance.randint(3, 8)
        start = chance.randrange(max(len(passage) - length, 0) + 1)
        asked.append(list(dict.fromkeys(passage[start : start + length])))
    return asked
