"""Images, videos and audios: the article's own, each once."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import media
from crawler.extraction.page import Page
from crawler.extraction.zones import Passage, Zone
from crawler.news.article import Media
from tests.extraction.pages import linked, meta, page

BASE = "https://www.tidewatch.example"
TEXT = "<p>The harbour board voted on Tuesday evening to widen the northern lock by four metres.</p>"


def zoned(told: Page, **zones: Zone) -> list[Passage]:
    """The page's passages: its paragraphs without a class are the body, those of a class are of its zone."""
    found = []
    for block in told.layout.blocks:
        zone = Zone.BODY if block.box.tag == "p" and not block.box.names else Zone.OTHER
        found.append(Passage(block, zones.get(block.box.names, zone), ""))
    return found


def images(head: str = "", body: str = "", **zones: Zone) -> list[tuple[str, str | None]]:
    told = page(head, f"<nav><div><img src=/menu-picture.jpg></div></nav><article>{TEXT * 3}{body}{TEXT * 3}</article>")
    found = media.read_images(told, media.read_main_image(told), zoned(told, **zones))
    return [(image.url.removeprefix(BASE), image.caption) for image in found]


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ('<img src="/lock.jpg">', "/lock.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="/lock.jpg">', "/lock.jpg"),
        ('<img src="/s.jpg" srcset="/a,b.jpg 320w, /lock.jpg 1280w, /m.jpg 640w">', "/lock.jpg"),
        ('<img src="/s.jpg" data-srcset="/m.jpg 1x, /lock.jpg 2x">', "/lock.jpg"),
        ('<picture><source srcset="/lock.jpg 900w"><img src="/s.jpg"></picture>', "/lock.jpg"),
        ('<amp-img src="/lock.jpg" width="700px" height="400"></amp-img>', "/lock.jpg"),
        ("<noscript><img src=/lock.jpg></noscript><img data-lazy-src=/lock.jpg>", "/lock.jpg"),
    ],
    ids=["plain", "lazy", "widths", "densities", "picture", "amp", "noscript"],
)
def test_the_largest_address_counts(image: str, url: str) -> None:
    """Wherever the markup keeps it."""
    assert images(body=f"<figure>{image}</figure>") == [(url, None)]


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/lock.jpg" width="1" height="1">',
        '<img src="/site-logo.svg">',
        '<img src="/lock.jpg" class="avatar">',
        '<aside><img src="/lock.jpg"></aside>',
        '<div class="related-stories"><img src="/lock.jpg"></div>',
        '<div class="ads_inline"><img src="/lock.jpg"></div>',
        '<img src="/reklama/tyres.gif">',
        '<img src="/files/adv/412.gif">',
        '<div><div><img src="/lock.jpg"></div><p class="teaser">Gulls queue at the bakery</p></div>',
        '<img src="data:image/gif;base64,R0">',
        "<img>",
    ],
)
def test_what_is_no_picture_of_the_article(image: str) -> None:
    """Pixels, logos, portraits, advertisements, what stands in other boxes, or goes with the teaser of another."""
    assert images(body=image, teaser=Zone.TEASER) == []


@pytest.mark.parametrize(
    ("picture", "caption"),
    [
        ("<figure>{}<figcaption><p>At dawn</p><p>Ann Roe</p><p>Ann Roe</p></figcaption></figure>", "At dawn Ann Roe"),
        ("<figure><div>{}</div><div class=credit>Ann Roe</div></figure>", "Ann Roe"),
        ('<div class="wp-caption">{}<p class="wp-caption-text">At dawn</p></div>', "At dawn"),
        ("<table><tr><td>{}</td></tr><tr><td class=caption>At dawn</td></tr></table>", "At dawn"),
        ("<div>{}</div><p class=caption>At dawn</p>", "At dawn"),
        ("{}", None),
    ],
    ids=["figcaption", "credit", "wordpress", "table", "behind", "alt-alone"],
)
def test_captions(picture: str, caption: str | None) -> None:
    """What stands in the figure, or right behind the picture, as a caption; an `alt` text is none."""
    shown = picture.format("<img src=/lock.jpg alt='The northern lock'>")
    assert images(body=shown, caption=Zone.CAPTION) == [("/lock.jpg", caption)]


@pytest.mark.parametrize(
    ("shared", "shown"),
    [
        ("/media/northern-lock-1200x630.jpg", "/media/northern-lock-640x480.webp?q=80"),
        ("/img/lock.jpg?resize=1200%2C800", "/img/lock.jpg?resize=300%2C200"),
        ("/img/2026/lock.jpg", "/img/size/w960/2026/lock.jpg"),
        ("https://cdn.example/img/lock.jpg", "/img/lock.jpg"),
    ],
)
def test_one_picture_in_several_sizes_counts_once(shared: str, shown: str) -> None:
    """As the page shares it, with the caption that it has in the text."""
    figure = f"<figure><img src={shown}><figcaption>At dawn</figcaption></figure>"
    assert images(meta(og_image=shared), figure) == [(shared, "At dawn")]


@pytest.mark.parametrize("name", ["1200x675.jpg", "original.jpg", "Main-Image.webp"])
def test_pictures_of_one_name_are_several(name: str) -> None:
    """Where the file is called by its size, or as any file, the folder tells them apart."""
    assert len(images(body=f"<img src=/a/{name}><img src=/b/{name}>")) == 2


def test_pictures_stand_where_the_article_stands() -> None:
    """From the headline to the last caption below the text."""
    figures = [f"<figure><img src=/{n}.jpg><figcaption class=caption>At {n}</figcaption></figure>" for n in range(4)]
    told = page(
        body=f"<div><p class=other>Before</p>{figures[0]}{'<p class=other>Gulls</p>' * 12}<h1 class=headline>Lock</h1>"
        f"{figures[1]}<div>{TEXT}</div>{figures[2]}<p class=other>More</p>{figures[3]}</div>"
    )
    zones = {"caption": Zone.CAPTION, "headline": Zone.HEADLINE, "other": Zone.OTHER}
    found = media.read_images(told, None, zoned(told, **zones))
    assert found == [Media(f"{BASE}/1.jpg", "At 1"), Media(f"{BASE}/2.jpg", "At 2")]


def test_main_image() -> None:
    """What the page shares, with the caption that JSON-LD has for it; never a relative address."""
    image = {"@type": "ImageObject", "url": f"{BASE}/northern-lock.jpg", "caption": "At dawn"}
    told = page(linked(image=[image]) + meta(og_image="/northern-lock.jpg"))
    assert media.read_main_image(told) == Media(f"{BASE}/northern-lock.jpg", "At dawn")
    assert media.read_main_image(page(meta(og_image="javascript:x"))) is None


@pytest.mark.parametrize(
    "name", ["logo.png", "logo-tidewatch.svg", "tidewatch_logo.jpg?v=2", "cropped-logo-1-270x270.jpg"]
)
def test_a_logo_is_no_main_image(name: str) -> None:
    """What else is shared is; a picture that shows a logo, by its longer name, stays."""
    assert media.read_main_image(page(meta(og_image=f"/static/{name}"))) is None
    shared = meta(og_image=f"/static/{name}") + meta(twitter_image="/lock.jpg")
    assert media.read_main_image(page(shared)) == Media(f"{BASE}/lock.jpg")
    assert media.read_main_image(page(meta(og_image="/gulls-paint-logo-on-lock.jpg"))) is not None


def test_videos_and_audios() -> None:
    """JSON-LD, OpenGraph, players of the page, and those of video hosts that stand in the article."""
    player = "<iframe src=//www.youtube.com/embed/x1></iframe>"
    head = linked(video={"contentUrl": "/v.mp4", "name": "Dawn"}, audio={"contentUrl": "/a.mp3"})
    told = page(head, f"<article>{TEXT * 3}{player}<video><source src=/w.mp4></video></article><aside>{player}</aside>")
    assert [video.url for video in media.read_videos(told, zoned(told))] == [
        f"{BASE}/v.mp4",
        "https://www.youtube.com/embed/x1",
        f"{BASE}/w.mp4",
    ]
    assert media.read_audios(told) == [Media(f"{BASE}/a.mp3")]


def everything(told: Page) -> list[Media]:
    main, passages = media.read_main_image(told), zoned(told)
    return [*media.read_images(told, main, passages), *media.read_videos(told, passages), *media.read_audios(told)]


@pytest.mark.parametrize(
    "body",
    [
        "<img src=/a.jpg>" * 100_000,
        "<div><img src=/a.jpg>" * 20_000,
        "<figure>" * 20_000 + f"{TEXT}<img src=/a.jpg>" * 500,
        f"{TEXT}<picture>{'<source srcset=/a.jpg>' * 50_000}{'<img src=/b.jpg>' * 500}</picture>{TEXT}",
    ],
    ids=["many", "nested", "deep", "sources"],
)
def test_hostile_pages_cost_little(body: str) -> None:
    """Time grows with the page alone; two seconds are ten times what they take."""
    told = page(meta(og_image="/x" * 500_000), body)
    started = time.process_time()
    assert len(everything(told)) <= 150
    assert time.process_time() - started < 2


@given(st.text(), st.text(), st.text())
def test_no_address_escapes(address: str, srcset: str, caption: str) -> None:
    """Whatever stands in an address: absolute http(s) URLs or none."""
    quoted = [text.replace('"', "") for text in (address, srcset, caption)]
    head = meta(og_image=quoted[0], og_video=quoted[0]) + linked(image=[address, {"url": srcset, "caption": caption}])
    told = page(head, f'{TEXT}<img src="{quoted[0]}" srcset="{quoted[1]}" alt="{quoted[2]}" width="{quoted[2]}">')
    assert all(found.url.lower().startswith(("http://", "https://")) for found in everything(told))
