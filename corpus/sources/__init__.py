"""One kind of site, one file: `reads` says whether a page is of its kind, `extract` reads it, and
`companion`, where there is one, names another address that tells about the same thing.
"""
