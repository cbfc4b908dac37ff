"""Small drawn "photos" and inspection records, so that evidence can be opened and looked at."""

from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

SIZE = (480, 360)
WALLS = [(226, 230, 233), (233, 228, 218), (214, 222, 228), (221, 226, 216)]
BODIES = [(250, 250, 250), (199, 206, 212), (238, 235, 228), (120, 130, 140)]


def photo(chance: Random, name: str, caption: str, kind: str) -> ContentFile:
    """A heater on a wall with its trouble; `kind` is a category of complaint."""
    image = Image.new("RGB", SIZE, chance.choice(WALLS))
    draw = ImageDraw.Draw(image)
    for x in range(0, SIZE[0], 60):
        draw.line((x, 0, x, SIZE[1]), fill=(205, 210, 214))
    for y in range(0, SIZE[1], 45):
        draw.line((0, y, SIZE[0], y), fill=(205, 210, 214))
    left, top = chance.randint(70, 130), chance.randint(40, 70)
    right, bottom = left + 260, top + 150
    draw.rounded_rectangle(
        (left, top, right, bottom), 36, fill=chance.choice(BODIES), outline=(90, 98, 106), width=3
    )
    draw.rounded_rectangle((right - 86, top + 18, right - 18, top + 52), 6, fill=(28, 34, 40))
    shown = f"E{chance.randint(1, 9)}" if kind in {"control", "ignition"} else "42"
    draw.text((right - 70, top + 22), shown, fill=(255, 120, 60), font=ImageFont.load_default(24))
    for x in (left + 60, right - 70):
        draw.line((x, bottom, x, bottom + 70), fill=(150, 120, 80), width=9)
    trouble(draw, chance, kind, (left, bottom, right))
    draw.rectangle((0, SIZE[1] - 30, SIZE[0], SIZE[1]), fill=(20, 24, 28))
    label = ImageFont.load_default(16)
    draw.text((10, SIZE[1] - 26), caption, fill=(255, 214, 90), font=label)
    return packed(image, name)


def trouble(
    draw: ImageDraw.ImageDraw, chance: Random, kind: str, where: tuple[int, int, int]
) -> None:
    """Drops, soot, dents or a red ring round the place."""
    left, bottom, right = where
    x = chance.randint(left + 40, right - 60)
    if kind in {"leak", "installation", "water_quality"}:
        for turn in range(5):
            y = bottom + 8 + turn * 17
            draw.ellipse((x - 5, y, x + 5, y + 13), fill=(70, 140, 210))
        draw.ellipse((x - 70, 316, x + 70, 330), fill=(150, 190, 225))
    elif kind in {"electric_safety", "gas_safety", "ignition"}:
        for turn in range(6):
            size = 34 - turn * 5
            y = bottom - turn * 16
            draw.ellipse((x - size, y - size, x + size, y + size), fill=(60 + turn * 16,) * 3)
    elif kind in {"transport", "appearance", "shipping"}:
        draw.polygon(
            [(x, bottom - 4), (x + 24, bottom - 46), (x + 60, bottom - 4)], fill=(140, 146, 152)
        )
        draw.line((x, bottom - 4, x + 24, bottom - 46, x + 60, bottom - 4), fill=(70, 75, 80))
    draw.ellipse((x - 62, bottom - 60, x + 62, bottom + 50), outline=(214, 40, 40), width=4)


def packed(image: Image.Image, name: str) -> ContentFile:
    """The bytes: JPEG as from a phone, PNG as from a screen."""
    content = BytesIO()
    if name.endswith(".png"):
        image.quantize(32).save(content, "PNG", optimize=True)
    else:
        image.save(content, "JPEG", quality=72)
    return ContentFile(content.getvalue(), name=name)


def record(chance: Random, name: str, number: str, title: str) -> ContentFile:
    """An inspection record as a spreadsheet opens it (CSV with a mark of UTF-8)."""
    lines = [f"措施编号,{number}", f"措施名称,{title}", "序号,检查项目,标准值,实测值,结论"]
    for turn in range(1, 9):
        value = 10 + chance.random() * 0.8
        lines.append(f"{turn},样件 {chance.randint(1000, 9999)},≥10.00,{value:.2f},合格")
    return ContentFile("\r\n".join(lines).encode("utf-8-sig"), name=name)


def sheet(chance: Random, name: str, number: str) -> ContentFile:
    """A page of a training or check list, drawn as a scan."""
    image = Image.new("RGB", SIZE, (252, 251, 246))
    draw = ImageDraw.Draw(image)
    draw.text(
        (20, 14), f"{number}  CHECK SHEET", fill=(30, 30, 30), font=ImageFont.load_default(18)
    )
    for row in range(9):
        y = 52 + row * 32
        draw.line((20, y, 460, y), fill=(150, 150, 150))
        if row < 8:
            draw.text((28, y + 8), f"{row + 1:02d}", fill=(60, 60, 60))
            start = chance.randint(90, 120)
            points = [
                (start + step * 9, y + 16 + chance.randint(-7, 7))
                for step in range(chance.randint(5, 11))
            ]
            draw.line(points, fill=(40, 60, 150), width=2)
            draw.line((400, y + 16, 406, y + 23, 420, y + 8), fill=(30, 140, 60), width=3)
    for x in (20, 70, 370, 460):
        draw.line((x, 52, x, 308), fill=(150, 150, 150))
    return packed(image, name)
