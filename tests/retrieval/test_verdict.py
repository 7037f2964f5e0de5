"""Whether a passage of a page answers, beside entries that may and pages in the other language."""

from __future__ import annotations

import pytest

from corpus.model import Extract, Part
from retrieval import inside, verdict
from retrieval.cutting import cut
from retrieval.model import Inner

GPIPE = "https://arxiv.org/pdf/1811.06965.pdf"
PDS = "https://arxiv.org/pdf/1810.11787.pdf"  # the hitchhiker's guide
ENGLISH = {
    1: "We run a service of voice transcription for a railway. It grew out of a weekend project.",
    2: "A billing run is repeated when 14 percent of its lines are marked as doubtful.",
    3: "Idle kernels are shut down after 75 minutes. The state goes to disk. Owners get a message "
    "ten minutes ahead. There were 23 complaints in the first week.",
    4: "Models are retrained on a fixed schedule of six weeks, and out of turn if the error is "
    "above the agreed bound. At most 40 start in the same hour.",
}
CHINESE = {
    1: "双河是贵阳机房的训练项目。",
    2: "有一次空调停机导致两百台机器同时降频，训练速度下降了一半。",
    3: "百分之二的慢机器拖累了整个集群百分之十一的速度，我们会更早地建立慢节点检测。",
}


@pytest.fixture(scope="module", name="read")
def _read(retriever, tmp_path_factory):
    """The shipped catalog with a paper in each language behind two of its links."""
    found = []
    for url, pages in ((GPIPE, ENGLISH), (PDS, CHINESE)):
        parts = tuple(Part(text, page) for page, text in pages.items())
        pieces = cut(Extract(parts=parts), retriever.tokenizer)
        found += [(url, piece) for piece in pieces]
    folder = tmp_path_factory.mktemp("verdict")
    inside.save(folder, "here 1", found)
    opened = inside.load(folder, retriever.derived.addresses).inside
    return retriever.with_pages(opened, retriever.entries)


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("cooling outage throttled two hundred machines", 2),
        ("投诉 闲置 关闭 磁盘", 3),  # its words stand far apart
    ],
)
def test_a_page_in_the_other_language_is_found(read, question, page):
    """No word of it is the question's own, and it need not say every one in translation."""
    found = read.search(question)
    assert (found.confidence, found.hits[0].inner.page) == ("maybe", page)


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("how many models may be retrained at the same time", 4),
        ("慢节点对整个集群的影响有多大", 3),
    ],
)
def test_a_figure_that_a_page_tells_comes_before_what_is_about_the_same(
    retriever, read, question, page
):
    """An entry on slow nodes may answer much, but not by how much they slow a cluster."""
    assert retriever.search(question).confidence != "nothing"
    assert retriever.search(question).hits[0].entry.id not in ("gpipe", "hitchhikers-guide")
    assert read.search(question).hits[0].inner.page == page


def test_a_page_is_of_what_its_first_says(read):
    """Who asks of "the voice transcription service" means a later page, where none is named."""
    found = read.search("which lines of the voice transcription billing run are doubtful")
    assert found.hits[0].inner.page == 2


def test_of_two_alike_the_one_in_the_askers_language_is_the_strongest():
    """Unless the other says much more."""
    told = {
        1: Inner("a", 1, "", "Spot machines are cheaper.", 0.9, strength=1.84),
        2: Inner("b", 1, "", "竞价实例便宜。", 0.9, strength=1.93),
    }
    assert verdict.strongest(told, "how much cheaper are spot machines") == 1
    assert verdict.strongest(told, "竞价实例便宜多少") == 2
    told[2] = Inner("b", 1, "", "竞价实例便宜。", 0.9, strength=2.9)
    assert verdict.strongest(told, "how much cheaper are spot machines") == 2
    assert verdict.strongest({}, "how much") is None
