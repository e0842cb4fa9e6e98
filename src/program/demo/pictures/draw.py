"""Draws the demo's pictures: faces and what a helper would photograph. pip install pillow; python draw.py"""

from pathlib import Path
from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
SKIN = ["#f3cfae", "#eebf97", "#f7dcc4", "#e6b48c", "#f1c9a5"]
HAIR = ["#2b2320", "#4a3a30", "#8c8782", "#1d1b1f", "#5b4a3c"]
BACK = ["#d6e7f7", "#e3f0dd", "#f9e6d2", "#e8e0f3", "#fdf0c9"]
CLOTH = ["#3c6ea8", "#5b8c5a", "#c2733c", "#7a659e", "#3f7f8c", "#a65353"]


def face(number, long_hair, glasses, old):
    size = 512
    picture = Image.new("RGB", (size, size), BACK[number % 5])
    draw = ImageDraw.Draw(picture)
    hair = "#a9a5a0" if old else HAIR[number % 5]
    if long_hair:
        draw.rounded_rectangle((136, 120, 376, 400), 110, fill=hair)
    draw.rounded_rectangle((96, 400, 416, 620), 110, fill=CLOTH[number % 6])
    draw.rounded_rectangle((222, 340, 290, 430), 30, fill=SKIN[number % 5])
    draw.ellipse((156, 120, 356, 376), fill=SKIN[number % 5])
    draw.pieslice((146, 92, 366, 330), 180, 360, fill=hair)
    draw.rectangle((146, 200, 170, 236), fill=hair)
    draw.rectangle((342, 200, 366, 236), fill=hair)
    for x in (208, 292):
        draw.ellipse((x, 242, x + 16, 262), fill="#2a2a2a")
        draw.arc((x - 12, 214, x + 28, 244), 200, 340, fill=hair, width=6)
        if glasses:
            draw.ellipse((x - 22, 226, x + 38, 284), outline="#333", width=6)
    if glasses:
        draw.line((246, 252, 270, 252), fill="#333", width=6)
    draw.arc((218, 268, 294, 338), 25, 155, fill="#a8574a", width=8)
    picture.resize((320, 320), Image.LANCZOS).save(HERE / f"face{number}.jpg", quality=82)


def meal():
    picture = Image.new("RGB", (1200, 900), "#b98a5a")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((80, 80, 1120, 820), 60, fill="#7a4a2b")
    draw.rounded_rectangle((110, 110, 1090, 790), 50, fill="#8e5a36")
    draw.ellipse((150, 430, 480, 760), fill="#f4f1ea")
    draw.ellipse((190, 470, 440, 720), fill="#fffdf6")
    draw.ellipse((560, 450, 860, 750), fill="#32231c")
    draw.ellipse((590, 480, 830, 720), fill="#b9702f")
    for x, y in ((640, 540), (720, 610), (690, 660), (770, 560)):
        draw.rectangle((x, y, x + 40, y + 40), fill="#f6e9c8")
    draw.ellipse((420, 140, 860, 420), fill="#e9eef2")
    draw.ellipse((500, 210, 790, 340), fill="#d7905a")
    draw.arc((500, 210, 790, 340), 200, 340, fill="#9c5c2f", width=12)
    draw.ellipse((150, 160, 370, 380), fill="#dfe7d8")
    draw.ellipse((190, 200, 330, 340), fill="#6f9a4f")
    draw.rounded_rectangle((900, 150, 930, 760), 10, fill="#c0392b")
    draw.rounded_rectangle((960, 150, 990, 760), 10, fill="#c0392b")
    picture.filter(ImageFilter.GaussianBlur(1)).save(HERE / "meal.jpg", quality=80)


def pills():
    picture = Image.new("RGB", (1200, 900), "#e8e3da")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((90, 200, 1110, 700), 30, fill="#f9fbfd", outline="#9db2c4", width=8)
    for day in range(7):
        for time in range(3):
            x, y = 120 + day * 140, 230 + time * 150
            draw.rounded_rectangle((x, y, x + 120, y + 130), 16, fill="#dbe8f2", outline="#9db2c4", width=4)
            # Three days are taken; on the second, the evening's was forgotten.
            if day > 2 or (day == 1 and time == 2):
                draw.ellipse((x + 20, y + 30, x + 60, y + 70), fill="#ffffff", outline="#b8b8b8", width=3)
                draw.rounded_rectangle((x + 55, y + 70, x + 105, y + 95), 12, fill="#e07b62")
    picture.save(HERE / "pills.jpg", quality=80)


def room():
    picture = Image.new("RGB", (1200, 900), "#efe6d6")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 620, 1200, 900), fill="#c9a877")
    draw.rectangle((120, 120, 460, 430), fill="#cfe6f5", outline="#8a6d4a", width=14)
    draw.line((290, 120, 290, 430), fill="#8a6d4a", width=10)
    draw.rounded_rectangle((560, 430, 1120, 700), 24, fill="#f6f6f6", outline="#9a9a9a", width=8)
    draw.rounded_rectangle((560, 520, 1120, 680), 24, fill="#9fc3b5")
    draw.rounded_rectangle((590, 440, 740, 530), 24, fill="#ffffff", outline="#cccccc", width=4)
    for x in (600, 1060):
        draw.rectangle((x, 690, x + 24, 800), fill="#7d7d7d")
    draw.line((500, 330, 500, 800), fill="#7b5b3a", width=18)
    draw.line((500, 330, 560, 330), fill="#7b5b3a", width=18)
    picture.save(HERE / "room.jpg", quality=80)


for number in range(10):
    face(number, number in (1, 2, 3, 6, 7, 8), number in (0, 5, 9), number in (0, 5))
meal()
pills()
room()
