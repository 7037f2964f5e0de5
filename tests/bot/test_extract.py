"""`mlinfra extract`, run as a shell runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pdfs
import pytest
from nasty_server import NastyServer

ROOT = Path(__file__).parents[2]
ZH = "参数服务器把模型的参数放在若干台机器上。工作节点算出梯度以后推送上去，再把新的参数拉回来。"
PAGE = f"<html lang=zh><title>参数服务器</title><body><article><h1>参数服务器</h1><p>{ZH * 4}</p>"


def environ(cache, **more):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "MLINFRA_CACHE_DIR": str(cache), **more}


def extract(cache, *arguments, **more):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "extract", *map(str, arguments)],
        env=environ(cache, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def test_a_pdf_is_told_page_by_page(tmp_path, cache):
    """As one line of JSON with just the keys that were promised, and a few more."""
    body = [f"Page {at} tells how workers synchronize. " * 20 for at in (1, 2)]
    abstract = "Workers pull the weights of the model from the servers and push gradients back."
    (tmp_path / "paper.pdf").write_bytes(pdfs.paper("Bounded Staleness", abstract, body))
    done = extract(cache, tmp_path / "paper.pdf", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert (told["title"], told["language"], told["summary"]) == (
        "Bounded Staleness",
        "en",
        abstract,
    )
    assert [page["page"] for page in told["pages"]] == [1, 2]
    assert "Page 2 tells" in told["pages"][1]["text"]
    assert told["problems"] == []


def test_a_page_in_gbk_is_read_from_a_file(tmp_path, cache):
    (tmp_path / "page.html").write_bytes(PAGE.encode("gbk"))
    told = json.loads(extract(cache, tmp_path / "page.html", "--json").stdout)
    assert (told["title"], told["language"]) == ("参数服务器", "zh")
    assert told["summary"].startswith("参数服务器把")
    assert told["summary_source"] == "extracted"
    assert "推送上去" in told["pages"][0]["text"]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("locked.pdf", pdfs.pdf([[(72, 700, 10, "x")]], encrypted=True), "encrypted"),
        ("scan.pdf", pdfs.pdf([[]]), "scanned"),
        ("broken.pdf", b"%PDF-1.4 no", "broken"),
        ("film.mp4", b"\0\0\0\x18ftypmp42", "no text"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path, cache, name, body, says):
    """In `problems`, with 1."""
    (tmp_path / name).write_bytes(body)
    done = extract(cache, tmp_path / name, "--json")
    assert says in json.loads(done.stdout)["problems"][0]
    assert done.returncode == 1


def test_an_abstract_alone_is_the_page(tmp_path, cache):
    """With the version of a paper, and the entries of a feed."""
    (tmp_path / "abs.html").write_text(
        "<html><head><meta name=citation_title content='A Title'><meta name=citation_arxiv_id "
        "content=1></head><body>arxiv<blockquote>We keep weights on servers.</blockquote>"
        "<div class=submission-history>[v3]</div>"
    )
    told = json.loads(extract(cache, tmp_path / "abs.html", "--json").stdout)
    assert told["pages"] == [{"page": 1, "text": "We keep weights on servers."}]
    assert (told["summary"], told["version"]) == ("We keep weights on servers.", "v3")
    assert told["summary_source"] == "abstract"
    (tmp_path / "feed.xml").write_text(
        "<rss><channel><title>Blog</title><item><title>First</title><link>https://e.org/1</link>"
        "<description>All about it.</description></item></channel></rss>"
    )
    told = json.loads(extract(cache, tmp_path / "feed.xml", "--json").stdout)
    assert told["entries"] == [{"title": "First", "url": "https://e.org/1"}]


def test_a_file_that_is_not_there_is_a_slip_of_usage(tmp_path, cache):
    done = extract(cache, tmp_path / "nothing.pdf")
    assert done.returncode == 2
    assert "no such file" in done.stderr


async def test_an_address_is_fetched_where_it_may_be(cache):
    """A host that was let in, and one that was not."""
    import asyncio

    async with NastyServer() as site:
        site.pages["/a"] = ({"Content-Type": "text/html; charset=gbk"}, PAGE.encode("gbk"))
        for allowed, title in ((site.place, "参数服务器"), ("127.0.0.1", "参数服务器"), ("", "")):
            more = {"FETCH_ALLOW_HOSTS": allowed, "FETCH_CONTACT": "mailto:a@example.org"}
            done = await asyncio.to_thread(extract, cache, f"{site.url}/a", "--json", **more)
            told = json.loads(done.stdout)
            assert told["title"] == title
            assert bool(told["problems"]) == (not title)
        assert site.asked == ["/robots.txt", "/a"] * 2
        assert "a@example.org" in site.headers[-1]["user-agent"]
