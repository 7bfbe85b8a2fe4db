"""A stored spreadsheet value as the sheet shows it: number formats, rounding, dates, zeros."""
from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|G/通用格式|AM/PM|am/pm|上午/下午|[ymdhsYMDHS]+|[#0?,.]+|[Ee][+-]0+|%|@|/|.', re.DOTALL)
_DATE = re.compile(r"[ymdhsYMDHS]")
_EPOCH = dt.datetime(1899, 12, 30)


def displayed(value: object, form: str = "General", since_1904: bool = False) -> str:
    """The text in the cell. Rounds halves away from zero on 15 significant digits, as spreadsheets do."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    sections = _sections(form or "General")
    if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta)):
        return _date(_moment(value), sections[0])
    if not isinstance(value, (int, float, Decimal)):
        return str(value)
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        return str(value)
    section, absolute = _choose(number, sections)
    if _is_date(section):
        start = dt.datetime(1904, 1, 1) if since_1904 else _EPOCH
        return _date(start + dt.timedelta(days=float(number)), section)
    return _number(abs(number) if absolute else number, section)


def _sections(form: str) -> list[str]:
    out, now, quoted, skip = [], "", False, False
    for char in form:
        if skip:
            skip = False
        elif char == '"':
            quoted = not quoted
        elif char == "\\" and not quoted:
            skip = True
        elif char == ";" and not quoted:
            out.append(now)
            now = ""
            continue
        now += char
    return [*out, now]


def _choose(number: Decimal, sections: list[str]) -> tuple[str, bool]:
    """The section for this number, and whether it drops the sign (the section says it its own way)."""
    numeric = sections[:3]
    if number < 0 and len(numeric) > 1:
        return numeric[1], True
    if number == 0 and len(numeric) > 2:
        return numeric[2], True
    return numeric[0], False


def _is_date(section: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|General|_.|\*.', "", section)
    return bool(_DATE.search(bare)) and not re.search(r"[#0?]", re.sub(r"[hmsHMS:]\.?0+", "", bare))


def _number(number: Decimal, section: str) -> str:
    tokens = _TOKEN.findall(section)
    if not tokens and section == "":
        return ""
    percent = tokens.count("%")
    pattern = "".join(t for t in tokens if re.fullmatch(r"[#0?,.]+", t))
    exponent = next((t for t in tokens if re.fullmatch(r"[Ee][+-]0+", t)), "")
    if "General" in tokens or "G/通用格式" in tokens:
        body, negative = _general(abs(number)), number < 0
        return "".join(("-" if negative else "") + body if t in ("General", "G/通用格式") else _literal(t) for t in tokens)
    if "@" in tokens and not pattern:
        return "".join(_general(number) if t == "@" else _literal(t) for t in tokens)
    if not pattern:
        return "".join(map(_literal, tokens))
    whole, _, fraction = pattern.partition(".")
    trailing = len(whole) - len(whole.rstrip(",")) if not fraction else len(fraction) - len(fraction.rstrip(","))
    scaled = abs(number) * 100 ** percent / Decimal(1000) ** trailing
    fraction = fraction.replace(",", "")
    power = 0
    if exponent and scaled:
        power = scaled.adjusted()
        scaled = scaled.scaleb(-power)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits = format(rounded, "f")
    left, _, right = digits.partition(".")
    least = sum(c in "0" for c in whole)
    left = left.lstrip("0").rjust(least, "0")
    if "," in whole.rstrip(","):
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)
    while right and len(right) > 0 and fraction[len(right) - 1] in "#?" and right[-1] == "0":
        right = right[:-1]
    text = left + ("." + right if right or (fraction and "0" in fraction) else "")
    if exponent:
        sign = "-" if power < 0 else "+" if exponent[1] == "+" else ""
        text += f"{exponent[0]}{sign}{abs(power):0{len(exponent) - 2}d}"
    out, done = "", False
    for token in tokens:
        if re.fullmatch(r"[#0?,.]+", token):
            if not done:
                out += text
                done = True
        elif not re.fullmatch(r"[Ee][+-]0+", token):
            out += _literal(token)
    out = out.strip()
    return "-" + out if number < 0 and rounded else out


def _general(number: Decimal) -> str:
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text or "0"


def _literal(token: str) -> str:
    if token.startswith('"'):
        return token[1:-1]
    if token.startswith("\\"):
        return token[1:]
    if token.startswith("["):
        currency = re.match(r"\[\$([^\-\]]*)", token)
        return currency.group(1) if currency else ""
    if token.startswith(("_", "*")):
        return ""
    return token


def _moment(value: object) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return dt.datetime.combine(_EPOCH.date(), value)
    return _EPOCH + (value if isinstance(value, dt.timedelta) else dt.timedelta())


def _date(moment: dt.datetime, section: str) -> str:
    if not _is_date(section):
        section = "yyyy-mm-dd" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else "yyyy-mm-dd hh:mm:ss"
    out, hours = "", False
    tokens = _TOKEN.findall(section)
    for index, token in enumerate(tokens):
        low = token.lower()
        if low.startswith("y"):
            out += f"{moment.year:04d}" if len(low) > 2 else f"{moment.year % 100:02d}"
        elif low.startswith("m"):
            later = next((t.lower() for t in tokens[index + 1:] if _DATE.match(t)), "")
            value = moment.minute if hours or later.startswith("s") else moment.month
            out += f"{value:02d}" if len(low) == 2 else str(value)
        elif low.startswith("d"):
            out += f"{moment.day:02d}" if len(low) == 2 else str(moment.day)
        elif low.startswith("h"):
            out += f"{moment.hour:02d}" if len(low) == 2 else str(moment.hour)
            hours = True
        elif low.startswith("s"):
            out += f"{moment.second:02d}" if len(low) == 2 else str(moment.second)
        elif token != "@":
            out += _literal(token)
        hours = hours and not low.startswith("m")
    return out.strip()
