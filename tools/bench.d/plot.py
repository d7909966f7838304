"""The ratios as a picture: an SVG that needs no library."""

import math

import table

PEERS = {"in": ("docker-proxy", "rootlesskit", "pasta"),
         "out": ("slirp4netns", "pasta"), "names": ("unbound", "dnsmasq"),
         "ports": ("slirp4netns",)}
COLOURS = {"docker-proxy": "#4e79a7", "rootlesskit": "#59a14f",
           "pasta": "#e15759", "slirp4netns": "#b07aa1",
           "unbound": "#edc948", "dnsmasq": "#9c755f"}
# Near nothing a ratio says nothing; the table has the figures.
UNSHOWN = ("lost of 20,000 a second", "memory of 1,000 idle")
LEFT, WIDTH, BAR, LEAST, MOST = 300, 480, 9, 0.25, 16.0


def place(share):
    share = min(max(share, LEAST), MOST)
    return LEFT + WIDTH * math.log(share / LEAST) / math.log(MOST / LEAST)


def bars(told):
    for section, some in PEERS.items():
        results = told.get(section, {}).get("results", {})
        for what in table.UNITS:
            if what in UNSHOWN:
                continue
            pier = results.get("pier", {}).get(what)
            shares = [(peer, table.ratio_of(what, pier, other)) for peer in some
                      if pier and (other := results.get(peer, {}).get(what))]
            if shares:
                yield f"{table.TITLES[section]}: {what}", shares


def draw(told):
    marks, y = [], 60
    for title, shares in bars(told):
        height = BAR * len(shares)
        marks.append(f'<text x="{LEFT - 8}" y="{y + height / 2 + 4}" '
                     f'text-anchor="end">{title}</text>')
        for peer, share in shares:
            start, end = sorted((place(1), place(share)))
            marks.append(f'<rect x="{start:.1f}" y="{y}" height="{BAR - 2}" '
                         f'width="{max(end - start, 1):.1f}" '
                         f'fill="{COLOURS[peer]}"><title>{share:.2f} of {peer}'
                         '</title></rect>')
            marks.append(f'<text x="{max(end, place(1)) + 4:.1f}" '
                         f'y="{y + BAR - 2}" class="s">{share:.2f}</text>')
            y += BAR
        y += 7
    for share in (0.5, 1, 2, 4, 8):
        x = place(share)
        marks.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="48" y2="{y}" '
                     f'stroke="{"#000" if share == 1 else "#ccc"}"/>'
                     f'<text x="{x:.1f}" y="44" text-anchor="middle">{share:g}'
                     '×</text>')
    for i, (peer, colour) in enumerate(COLOURS.items()):
        marks.append(f'<rect x="{LEFT - 290 + i * 125}" y="{y + 10}" '
                     f'width="10" height="10" fill="{colour}"/>'
                     f'<text x="{LEFT - 275 + i * 125}" y="{y + 19}">{peer}'
                     '</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + 560}" '
            f'height="{y + 35}" font-family="sans-serif" font-size="11">'
            '<style>.s{font-size:8px;fill:#555}</style>'
            '<rect width="100%" height="100%" fill="#fff"/>'
            f'<text x="10" y="20" font-size="14">Pier beside its peers: right '
            'of 1× is better</text>' + "".join(marks) + "</svg>\n")
