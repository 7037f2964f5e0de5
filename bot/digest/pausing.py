"""How long a subscription rests, out of what people say: a date, a day, a span. Pure. What is not
understood is none, never guessed at: "08-10-2027" is two days.

A date without a year is the next one; a pause until a day ends as that day begins.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.digest import schedule
from bot.digest.hearing import DAYS, chinese_day
from bot.digest.wanted import plain
from corpus.pattern import pattern
from retrieval import numerals

FARTHEST = timedelta(days=366)  # that a pause lasts

_LED = pattern(r"(?:until|till|through|to|直到|到|至)\s*(?:the\s+)?(.+)|(?:the\s+)?(.+)")
_ENDED = pattern(r"\s*(?:please|吧|为止|之前|再说|再继续|再恢复|恢复)$")
_NUMERAL = pattern(rf"({numerals.CHINESE})(?=\s*个?(?:年|月|天|日|号|周|星期|礼拜))")
_SPAN = pattern(
    r"(?:for\s+|休息|暂停)?(?:the\s+)?(?:next\s+)?(\d{1,3}|[a-z ]+?)\s*个?\s*"
    r"(d|w|days?|weeks?|months?|years?|fortnights?|天|日|周|星期|礼拜|月|年)(?:以?后|之后)?"
)
_DAYS = {"d": 1, "w": 7, "f": 14, "天": 1, "日": 1, "周": 7, "星": 7, "礼": 7}  # in a unit
_MONTHS_IN = {"m": 1, "y": 12, "月": 1, "年": 12}
_HALVES = {"半个月": 15, "半月": 15, "半年": 182, "half a year": 182}
_DATE = pattern(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?")
_NEXT_YEARS = pattern(r"明年(\d{1,2})月(\d{1,2})[日号]?")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NAMED = pattern(
    rf"(?:{_MONTH}(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?)?|(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH})"
    r"(?:,?\s+(\d{4}))?"
)
_MONTH_ALONE = pattern(r"(\d{1,2})月份?")
_OF_MONTH = pattern(r"(\d{1,2})(?:st|nd|rd|th|号|日)")
_AHEAD = {"tomorrow": 1, "明天": 1, "the day after tomorrow": 2, "day after tomorrow": 2} | {
    "后天": 2,
    "大后天": 3,
}
_WEEKDAY = pattern(r"(next\s+|this\s+|coming\s+)?([a-z]+)")
_CHINESE_DAY = pattern(r"(下个?|下下个?|[这本])?(?:周|星期|礼拜)([一二三四五六日天])")
_WEEK = ("next week", "下周", "下个周", "下星期", "下个星期", "下礼拜", "下个礼拜")
_MONTH_ON = ("next month", "下月", "下个月", "end of the month", "end of month", "月底", "月末")
_YEAR_ON = (
    *("next year", "new year", "new years", "new year's", "the new year", "明年", "元旦", "新年"),
    *("end of the year", "end of year", "年底", "年末"),
)


def until(text: str, now: float, zone: str) -> float | None:
    """When a pause ends that is told as a date, a day or a span; None where it is none of them."""
    said = _ENDED.sub("", plain(text))
    here = schedule.local(now, zone)
    led = said.startswith(("到", "至", "直到", "until", "till"))
    if found := _LED.fullmatch(said):
        said = found[1] or found[2]
    said = _NUMERAL.sub(lambda found: str(numerals.number(found[1]) or found[1]), said)
    if led and (month := _MONTH_ALONE.fullmatch(said)):  # 到3月; by itself 3月 may be three months
        said = f"{month[1]}-1"
    end = _span(said, here) or _day(said, here)
    if end is None or not here < end <= here + FARTHEST:
        return None
    return end.timestamp()


def _span(said: str, here: datetime) -> datetime | None:
    if days := _HALVES.get(said):
        return here + timedelta(days=days)
    found = _SPAN.fullmatch(said)
    if not found:
        return None
    many = "one" if found[1].strip() == "" else found[1].strip()
    count, unit = numerals.number(many) or 0, found[2][0]
    if not count:
        return None
    if unit in _DAYS:
        return here + timedelta(days=count * _DAYS[unit])
    return _months_on(here, count * _MONTHS_IN[unit])


def _months_on(here: datetime, months: int) -> datetime:
    """The same day of a later month; of a shorter one, its last."""
    years, month = divmod(here.month - 1 + months, 12)
    last = calendar.monthrange(here.year + years, month + 1)[1]
    return here.replace(year=here.year + years, month=month + 1, day=min(here.day, last))


def _day(said: str, here: datetime) -> datetime | None:
    """The beginning of a day that is named."""
    today = here.date()
    first = today.replace(day=1)
    if said in _AHEAD:
        return _begin(today + timedelta(days=_AHEAD[said]), here)
    if said in _WEEK:
        return _begin(_after(today, 1), here)
    if said in _MONTH_ON:
        return _begin((first + timedelta(days=32)).replace(day=1), here)
    if said in _YEAR_ON:
        return _begin(date(today.year + 1, 1, 1), here)
    if week := schedule.parse_week(said if said[:1] != "w" else f"{today.isocalendar()[0]}-{said}"):
        return _begin(schedule.monday(week), here)
    found = _weekday(said, today) or _dated(said, today) or _numbered(said, today)
    return _begin(found, here) if found else None


def _weekday(said: str, today: date) -> date | None:
    """The next day of a name; "next friday" is that of next week."""
    if found := _CHINESE_DAY.fullmatch(said):
        lead, number = found[1] or "", chinese_day(found[2])
        weeks = lead.count("下")
    elif (found := _WEEKDAY.fullmatch(said)) and found[2] in DAYS:
        number, weeks = DAYS[found[2]], int((found[1] or "").startswith("next"))
    else:
        return None
    if not weeks:
        return _after(today, number)
    return today + timedelta(days=7 * weeks + number - today.isoweekday())


def _dated(said: str, today: date) -> date | None:
    """A date in digits or with its month's name."""
    if found := _NEXT_YEARS.fullmatch(said):
        return _next((today.year + 1,), int(found[1]), int(found[2]), today)
    if found := _DATE.fullmatch(said):
        return _next(_years(found[1], today), int(found[2]), int(found[3]), today)
    if found := _NAMED.fullmatch(said):
        month = _MONTHS.index((found[1] or found[4])[:3]) + 1
        day = int(found[2] or found[3] or 1)
        return _next(_years(found[5], today), month, day, today)
    return None


def _numbered(said: str, today: date) -> date | None:
    """The next day of that number in a month."""
    found = _OF_MONTH.fullmatch(said)
    if not found:
        return None
    months = [divmod(today.year * 12 + today.month - 1 + ahead, 12) for ahead in range(4)]
    days = (_next((year,), month + 1, int(found[1]), today) for year, month in months)
    return next((day for day in days if day), None)


def _years(said: str | None, today: date) -> Sequence[int]:
    return (int(said),) if said else (today.year, today.year + 1)


def _next(years: Sequence[int], month: int, day: int, today: date) -> date | None:
    """The first such day after today."""
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:  # 30 February; a leap day may be there next year
            continue
        if found > today:
            return found
    return None


def _after(today: date, number: int) -> date:
    """The next such day of the week after today."""
    return today + timedelta(days=(number - today.isoweekday() - 1) % 7 + 1)


def _begin(day: date, here: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=here.tzinfo)
