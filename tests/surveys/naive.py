"""The rules of shared/DOMAIN.md 5 once more: row by row, slow, with fractions and nothing else.

Shares no line with surveys/domain/scoring.py; the tests ask that both agree exactly.
"""

from fractions import Fraction


def weighted(lines):
    """Σ weight × score / Σ weight over the lines that have a score."""
    lines = [(Fraction(weight), score) for weight, score in lines if score is not None]
    total = sum(weight for weight, _score in lines)
    return sum(weight * score for weight, score in lines) / total if lines else None


def mean(values):
    return sum(values) / Fraction(len(values)) if values else None


def worths(rows, key, points):
    """Points of every answer to one sub-item. A row is (document, levels)."""
    found = []
    for document, levels in rows:
        keys = [sub["key"] for item in document["items"] for sub in item["subitems"]]
        for at, sign in enumerate(levels):
            if keys[at] == key and sign in "12345":
                found.append(Fraction(points[sign]))
    return found


def structure(documents):
    """[(item key, weight, [(sub key, weight)])]; documents from the newest to the oldest."""
    items, seen = [], set()
    for document in documents:
        for item in document["items"]:
            subs = [(sub["key"], sub["weight"]) for sub in item["subitems"]]
            subs = [sub for sub in subs if sub[0] not in seen]
            seen.update(key for key, _weight in subs)
            same = [one for one in items if one[0] == item["key"]]
            if same:
                same[0][2].extend(subs)
            elif subs:
                items.append((item["key"], item["weight"], subs))
    return items


def score(rows, documents, points):
    """(source, {item: score}, {sub-item: score})."""
    subitems, items, lines = {}, {}, []
    for item, weight, subs in structure(documents):
        inside = []
        for key, sub_weight in subs:
            subitems[key] = mean(worths(rows, key, points))
            inside.append((sub_weight, subitems[key]))
        items[item] = weighted(inside)
        lines.append((weight, items[item]))
    return weighted(lines), items, subitems


def answered(rows):
    """Forms with any answer."""
    return sum(1 for _document, levels in rows if any(sign in "12345" for sign in levels))


def index(sources, weights, points, taken, floor, *, renormalise=False):
    """(gross, before the floor, net) exactly, from {source: (rows, documents)}."""
    scores = {key: score(rows, documents, points)[0] for key, (rows, documents) in sources.items()}
    there = [key for key in weights if scores[key] is not None]
    total = sum(Fraction(weights[key]) for key in there)
    gross = Fraction(0)
    for key in there:
        weight = Fraction(weights[key])
        gross += scores[key] * (weight / total if renormalise else weight / 100)
    before = gross - Fraction(taken)
    return gross, before, max(before, Fraction(floor))


def rounded(value, places=2):
    """Half up (away from zero), by counting hundredths one by one from the whole below."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    unit = Fraction(1, 10**places)
    steps = value // unit
    if value - steps * unit >= unit / 2:
        steps += 1
    whole, rest = divmod(steps, 10**places)
    text = f"{whole}.{rest:0{places}d}"
    return text if steps == 0 else sign + text


def variance(rows, documents, points):
    """Of the source score: the influence of each form, as a fraction, one after the other."""
    source, items, subitems = score(rows, documents, points)
    tree = structure(documents)
    tops = sum(Fraction(weight) for item, weight, _subs in tree if items[item] is not None)
    pull = {}
    for _item, weight, subs in tree:
        there = [(key, Fraction(own)) for key, own in subs if subitems[key] is not None]
        inside = sum(own for _key, own in there)
        for key, own in there:
            n = len(worths(rows, key, points))
            pull[key] = Fraction(weight) / tops * own / inside / n
    total, n = Fraction(0), answered(rows)
    for document, levels in rows:
        keys = [sub["key"] for item in document["items"] for sub in item["subitems"]]
        z = Fraction(0)
        for key, sign in zip(keys, levels, strict=True):
            if sign in "12345":
                z += pull[key] * (Fraction(points[sign]) - subitems[key])
        total += z * z
    return total * n / (n - 1) if n > 1 else None
