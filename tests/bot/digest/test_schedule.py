"""Weeks, zones and moments: one digest a week, wherever clocks jump."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import hearing, pausing, schedule, zones
from bot.subscription import Filters, Terms
from corpus.record import replace

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC).timestamp()  # a Wednesday, of 2026-W48
ZONES = [*sorted(zoneinfo.available_timezones()), "+14:00", "-12:00", "+05:45"]


def utc(moment):
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("北京", "Asia/Shanghai"), ("上海", "Asia/Shanghai"), ("旧金山", "America/Los_Angeles"),
        ("舊金山", "America/Los_Angeles"), ("東京時間", "Asia/Tokyo"), ("Berlin", "Europe/Berlin"),
        ("san francisco", "America/Los_Angeles"), ("New York", "America/New_York"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"), ("São Paulo", "America/Sao_Paulo"),
        ("LIMA", "America/Lima"), ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("europe/berlin", "Europe/Berlin"), ("UTC", "UTC"), ("gmt", "UTC"), ("+0", "UTC"),
        ("UTC+8", "+08:00"), ("+14", "+14:00"), ("-12", "-12:00"), ("−12", "-12:00"),
        ("＋５：３０", "+05:30"), ("utc+5:45", "+05:45"), ("GMT-0330", "-03:30"),
        ("东八区", "+08:00"), ("西五区", "-05:00"), ("东5区", "+05:00"), ("GMT-3:30", "-03:30"),
        ("北京时间", "Asia/Shanghai"), ("Bombay", "Asia/Kolkata"), ("New Delhi", "Asia/Kolkata"),
        ("Sao Paulo", "America/Sao_Paulo"), ("Bogota", "America/Bogota"),
        ("Zurich", "Europe/Zurich"),
        ("İstanbul", "Europe/Istanbul"), ("Reykjavík", "Atlantic/Reykjavik"),
        ("Montréal", "America/Toronto"), ("St. Petersburg", "Europe/Moscow"),
        ("Washington, DC", "America/New_York"), ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("Ho Chi Minh City", "Asia/Ho_Chi_Minh"), ("硅谷", "America/Los_Angeles"),
        ("太平洋时间", "America/Los_Angeles"), ("US/Pacific", "US/Pacific"), ("EST5EDT", "EST5EDT"),
        ("Etc/GMT+12", "-12:00"), ("Etc/GMT-14", "+14:00"), ("孟买", "Asia/Kolkata"),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_what_people_type(said, name):
    """Names, offsets, and cities in both languages."""
    assert zones.zone(said) == name
    zones.of(name)


@pytest.mark.parametrize(
    "said", ["", "+15", "-12:30", "UTC+14:01", "Atlantis", "CST", "8", "paper"]
)
def test_what_names_no_zone_or_several_is_none(said):
    """It is asked for again, never guessed."""
    assert zones.zone(said) is None


def test_every_city_has_a_zone_that_there_is():
    """A slip in the table would fail at a subscriber's first digest."""
    from bot.digest.cities import _TABLE, CITIES

    rows = [line.split() for line in _TABLE.strip().splitlines()]
    said = {(name, zone) for zone, *names in rows for name in names}
    assert len(said) == len({name for name, _ in said})  # a name is said of one zone
    assert set(CITIES.values()) <= zoneinfo.available_timezones()
    assert all(zones.zone(city) == name for city, name in CITIES.items())


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("Asia/Taipei", "Taipei", "台北"), ("America/New_York", "New York", "纽约"),
        ("Europe/Berlin", "Berlin", "柏林"), ("+05:30", "UTC+05:30", "UTC+05:30"),
        ("Antarctica/Troll", "Troll", "Troll"), ("Asia/Kolkata", "Kolkata", "孟买"),
    ],
)  # fmt: skip
def test_a_zone_is_told_by_a_city_that_people_know(zone, english, chinese):
    """In the language spoken, where there is such a name."""
    assert (zones.told(zone), zones.told(zone, chinese=True)) == (english, chinese)


def test_the_week_is_the_places_own():
    """At one moment it is two weeks on Earth."""
    sunday = datetime(2026, 11, 29, 11, tzinfo=UTC).timestamp()
    assert schedule.week_at(sunday, "+14:00") == "2026-W49"
    assert schedule.week_at(sunday, "-12:00") == "2026-W48"


def test_the_ends_of_the_world():
    """Monday 09:00 comes first at +14 and last at -12, 26 hours later."""
    first = schedule.at("2026-W48", Terms(zone="+14:00"))
    assert utc(first) == "2026-11-22 19:00"
    assert schedule.at("2026-W48", Terms(zone="-12:00")) - first == 26 * 3600


def test_week_53_follows_52_in_a_long_year_only():
    """2026 has 53 weeks, 2027 has not."""
    moment = schedule.at("2026-W52", Terms())
    assert schedule.following(Terms(), moment)[0] == "2026-W53"
    moment = schedule.at("2026-W53", Terms())
    assert utc(moment) == "2026-12-28 09:00"
    assert schedule.following(Terms(), moment)[0] == "2027-W01"
    assert schedule.parse_week("2026w53") == "2026-W53"
    assert schedule.parse_week("2027-W53") is None
    assert schedule.parse_week("2026-W00") is None


def test_in_the_gap_of_spring_it_comes_as_much_later():
    """02:30 is not there on 29 March 2026 in Berlin: 03:30 by the new time."""
    terms = Terms(day=7, minute=150, zone="Europe/Berlin")
    assert utc(schedule.at("2026-W13", terms)) == "2026-03-29 01:30"


def test_in_the_fold_of_autumn_it_comes_once():
    """02:30 is there twice on 25 October 2026 in Berlin: the first one counts."""
    terms = Terms(day=7, minute=150, zone="Europe/Berlin")
    moment = schedule.at("2026-W43", terms)
    assert utc(moment) == "2026-10-25 00:30"
    assert schedule.following(terms, moment)[0] == "2026-W44"
    assert schedule.missed(terms, moment + 3600) == ("2026-W43", moment)


@given(
    zone=st.sampled_from(ZONES),
    day=st.integers(1, 7),
    minute=st.integers(0, 1439),
    now=st.floats(1.6e9, 2.2e9),
)
def test_every_week_has_one_moment_in_every_zone(zone, day, minute, now):
    """The next is after now, the latest is not, and one follows on the other."""
    terms = Terms(day=day, minute=minute, zone=zone)
    week, moment = schedule.following(terms, now)
    before, latest = schedule.missed(terms, now)
    assert latest <= now < moment
    assert schedule.later(before, 1) == week
    assert schedule.following(terms, latest) == (week, moment)
    assert schedule.week_at(moment, zone) == week
    assert 0 < moment - latest < 7 * 86400 + 2 * 86400


def test_a_week_that_was_had_does_not_come_again():
    """Whatever day or zone is chosen after it came."""
    terms = Terms(day=5)
    assert schedule.following(terms, NOW)[0] == "2026-W48"
    assert schedule.following(terms, NOW, last="2026-W48")[0] == "2026-W49"


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ("mon 9:00 Berlin zh papers", Terms(1, 540, "Europe/Berlin", "zh", Filters(("paper",)))),
        ("每周五下午3点 北京 双语", Terms(5, 900, "Asia/Shanghai", "both")),
        ("週日晚上八點半 舊金山", Terms(7, 1230, "America/Los_Angeles")),
        ("星期天 上午10点15分", Terms(7, 615)),
        ("fri 9 am, New York, both", Terms(5, 540, "America/New_York", "both")),
        ("every tuesday at 12pm", Terms(2, 720)),
        ("at 12 am", Terms(1, 0)),
        ("books courses", Terms(filters=Filters(("book", "course")))),
        ("topic parameter server", Terms(filters=Filters(topics=("parameter server",)))),
        ('kind:talk topic:"deep learning" org:google',
         Terms(filters=Filters(("talk",), ("deep learning",), ("google",)))),
        ("day 7", Terms(7)),
        ("zone 柏林", Terms(zone="Europe/Berlin")),
        ("language 双语", Terms(language="both")),
        ("day 周五", Terms(5)), ("hour 9:30 pm", Terms(minute=1290)),
        ("时间 下午3点", Terms(minute=900)),
        ("sun noon", Terms(7, 720)), ("周日上午10:30", Terms(7, 630)),
        ("9点一刻", Terms(minute=555)),
        ("fri 0930", Terms(5, 570)), ("凌晨12点", Terms(minute=0)), ("mon midnight", Terms(1, 0)),
        ("at 9 o'clock on fridays in both languages please", Terms(5, language="both")),
        ("in chinese and english", Terms(language="both")), ("en+zh", Terms(language="both")),
        ("每周五早上8点北京时间双语论文和书",
         Terms(5, 480, "Asia/Shanghai", "both", Filters(("paper", "book")))),
        ("fri 9:00 Berlin topic large language models org google, nvidia",
         Terms(5, 540, "Europe/Berlin",
               filters=Filters((), ("large language models",), ("google", "nvidia")))),
        ("topic: MoE", Terms(filters=Filters(topics=("MoE",)))),
        ("topic “deep learning” fri 机构 谷歌",
         Terms(5, filters=Filters((), ("deep learning",), ("谷歌",)))),
        ("topic any fri", Terms(5)),
        ("paper of the week on fri", Terms(5)),
        ("书东八区星期三下午3点半中文", Terms(3, 930, "+08:00", "zh", Filters(("book",)))),
        ("每周五晚8点", Terms(5, 1200)), ("周一早9点半", Terms(1, 570)),
        ("晚间10:30", Terms(minute=1350)),
        ("fri morning Berlin", Terms(5, 540, "Europe/Berlin")), ("周五早上", Terms(5, 540)),
        ("on friday in the morning", Terms(5, 540)), ("noon fri", Terms(5, 720)),
        ("週六下午 台北", Terms(6, 900, "Asia/Taipei")), ("sat evening", Terms(6, 1080)),
        ("每周五早上北京时间双语论文",
         Terms(5, 540, "Asia/Shanghai", "both", Filters(("paper",)))),
        ("周日晚上", Terms(7, 1200)), ("sunday night", Terms(7, 1200)), ("清晨", Terms(minute=420)),
        ("fri 8 in the evening", Terms(5, 1200)), ("evening at 8:30", Terms(minute=1230)),
        ("9am in the morning", Terms(minute=540)), ("早上 8点 周三", Terms(3, 480)),
        ("半夜11点", Terms(minute=1380)), ("中午12点", Terms(minute=720)),
        ("中午1点", Terms(minute=780)), ("hour morning", Terms(minute=540)),
        ("时间：下午3点", Terms(minute=900)),
        ("day: fri zone: New York", Terms(5, 540, "America/New_York")),
        ("九点钟", Terms(minute=540)), ("每周一次", Terms()),
        ("Friday (Berlin)", Terms(5, 540, "Europe/Berlin")),
        ("繁體中文 矽谷", Terms(1, 540, "America/Los_Angeles", "zh")),
        ("topic parameter server fri 9:30 zh",
         Terms(5, 570, language="zh", filters=Filters(topics=("parameter server",)))),
        ("主题 推荐系统 双语", Terms(language="both", filters=Filters(topics=("推荐系统",)))),
        ("fri papers from google", Terms(5, filters=Filters(("paper",), (), ("google",)))),
        ("from monday 9:00", Terms(1, 540)),
        ("papers about parameter servers every monday in the morning",
         Terms(1, 540, filters=Filters(("paper",), ("parameter servers",)))),
        ("about allreduce each friday at 8am", Terms(5, 480, filters=Filters((), ("allreduce",)))),
        ("关于 推荐系统 每周五 早上8点", Terms(5, 480, filters=Filters((), ("推荐系统",)))),
        ("by microsoft research asia on fridays at 8:00",
         Terms(5, 480, filters=Filters(organisations=("microsoft research asia",)))),
        ("关于 推荐系统", Terms(filters=Filters(topics=("推荐系统",)))),
        ("kinds papers and books zh", Terms(language="zh", filters=Filters(("paper", "book")))),
        ("类型 论文和书", Terms(filters=Filters(("paper", "book")))),
        ("topic “learning on fri”", Terms(filters=Filters(topics=("learning on fri",)))),
        ("topic english", Terms(filters=Filters(topics=("english",)))),
        ("", Terms()),
    ],
)  # fmt: skip
def test_terms_are_heard_in_both_languages(said, terms):
    """In any order; a field may be named."""
    heard = hearing.hear(said, Terms())
    assert (heard.terms, heard.unknown) == (terms, ())


def test_any_takes_a_filter_away():
    """The button for everything."""
    terms = Terms(filters=Filters(("book",), ("gpu",), ("google",)))
    for line in ("kind any", "topic 不限", "org all"):
        terms = hearing.hear(line, terms).terms
    assert terms.filters == Filters()


@pytest.mark.parametrize(
    ("said", "unknown"),
    [("monn 9:00", ("monn",)), ("25:00", ("25:00",)), ("day 8", ("8",)),
     ("zone atlantis", ("atlantis",)),
     ('"', ('"',)), ("kind:novel", ("kind:novel",)), ("fri 9,00", ("00",)),
     ("mon,wed", ("wed",)), ("周一周三", ("周三",)), ("9:00 10:00", ("10:00",)),
     ("London Berlin", ("berlin",)), ("周五晚上12点", ("晚上12点",)), ("13pm", ("13pm",)),
     ("周五9点半北京火星", ("北京火星",)), ("晚上2点", ("晚上2点",)), ("早上15点", ("早上15点",)),
     ("morning evening", ("evening",)), ("2 at night", ("night",)), ("凌晨", ("凌晨",)),
     ("kind paper novels", ("novels",)), ("daily", ("daily",)), ("bis Freitag", ("bis", "freitag")),
     ("hour:", ("hour:",)), ("every other week", ("other",)),
     ("kind novels", ("novels",)), ("CST", ("cst",))],
)  # fmt: skip
def test_what_is_not_understood_is_handed_back(said, unknown):
    """And the rest is as it was."""
    assert hearing.hear(said, Terms()).unknown == unknown


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("until 10-08", "2027-10-08 00:00"), ("10-08", "2027-10-08 00:00"),
        ("until 12-01", "2026-12-01 00:00"), ("到12月1日", "2026-12-01 00:00"),
        ("until 2026-12-24", "2026-12-24 00:00"), ("两周", "2026-12-09 22:00"),
        ("兩週", "2026-12-09 22:00"), ("two weeks", "2026-12-09 22:00"),
        ("for 2 weeks", "2026-12-09 22:00"), ("三天", "2026-11-28 22:00"),
        ("一个月", "2026-12-25 22:00"), ("a couple of weeks", "2026-12-09 22:00"),
        ("until friday", "2026-11-27 00:00"), ("到下周", "2026-11-30 00:00"),
        ("until wednesday", "2026-12-02 00:00"), ("next month", "2026-12-01 00:00"),
        ("until next friday", "2026-12-04 00:00"), ("下周五", "2026-12-04 00:00"),
        ("下下周一", "2026-12-07 00:00"), ("until the 5th", "2026-12-05 00:00"),
        ("5号", "2026-12-05 00:00"), ("until Jan 5", "2027-01-05 00:00"),
        ("until 5 January 2027", "2027-01-05 00:00"), ("until January", "2027-01-01 00:00"),
        ("十二月二十四日", "2026-12-24 00:00"), ("到12月24日为止", "2026-12-24 00:00"),
        ("明年1月1日", "2027-01-01 00:00"), ("until new year", "2027-01-01 00:00"),
        ("年底", "2027-01-01 00:00"), ("until tomorrow", "2026-11-26 00:00"),
        ("后天", "2026-11-27 00:00"), ("半个月", "2026-12-10 22:00"), ("2w", "2026-12-09 22:00"),
        ("a fortnight", "2026-12-09 22:00"), ("for the next two weeks", "2026-12-09 22:00"),
        ("两周后", "2026-12-09 22:00"), ("二十天", "2026-12-15 22:00"),
        ("一年", "2027-11-25 22:00"), ("three months", "2027-02-25 22:00"),
        ("三個月", "2027-02-25 22:00"), ("12 months", "2027-11-25 22:00"),
        ("fourteen days", "2026-12-09 22:00"), ("until W50", "2026-12-07 00:00"),
        ("until 2027-W01", "2027-01-04 00:00"), ("到一月", "2027-01-01 00:00"),
        ("到3月份", "2027-03-01 00:00"), ("一月", "2026-12-25 22:00"),
    ],
)  # fmt: skip
def test_a_pause_ends_by_the_places_own_clock(said, end):
    """A date is its beginning there, and the next one of its name."""
    moment = pausing.until(said, NOW, "Asia/Shanghai")
    assert schedule.local(moment, "Asia/Shanghai").strftime("%Y-%m-%d %H:%M") == end


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "until 02-30",
        "2025-01-01",
        "500 days",
        "0 days",
        "13-13",
        "forever",
        "10-08-2027",
        "until 32nd",
        "two",
        "weeks",
        "until",
        "-2 weeks",
        "99 months",
        "until W47",
        "until 2026-W54",
        "bis 10-08",
    ],
)
def test_a_pause_without_an_end_that_one_can_tell(said):
    """It is told what can be said."""
    assert pausing.until(said, NOW, "UTC") is None


def test_a_month_on_is_a_day_that_there_is():
    """The last one of a shorter month."""
    january = datetime(2027, 1, 31, 9, tzinfo=UTC).timestamp()
    assert utc(pausing.until("a month", january, "UTC")) == "2027-02-28 09:00"


def test_filters_have_one_name_however_they_are_said():
    """So that all who want the same share an Edition."""
    first = hearing.hear("papers books topic:GPU", Terms()).terms.filters
    second = hearing.hear("topic:gpu book paper", Terms()).terms.filters
    assert first.key == second.key == "kind:book kind:paper topic:gpu"
    assert replace(first, topics=()).key != first.key
