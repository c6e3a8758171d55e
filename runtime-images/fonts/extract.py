"""Takes the faces that functions may use out of the collections that Debian ships: extract.py COLLECTIONS TARGET"""
import os
import sys

from fontTools.ttLib import TTCollection

FACES = {
    "NotoSansSC-Regular.otf": ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
    "NotoSansTC-Regular.otf": ("NotoSansCJK-Regular.ttc", "Noto Sans CJK TC"),
    "NotoSerifSC-Regular.otf": ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
    "NotoSerifTC-Regular.otf": ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK TC"),
}
FAMILY = 1


def main(collections, target):
    os.makedirs(target)
    for file, (collection, family) in FACES.items():
        fonts = TTCollection(os.path.join(collections, collection)).fonts
        face = next(font for font in fonts if font["name"].getDebugName(FAMILY) == family)
        # Same face, same bytes.
        face.recalcTimestamp = False
        face.save(os.path.join(target, file))


main(*sys.argv[1:])
