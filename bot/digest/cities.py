"""Names of time zones as people say them: cities, countries and abbreviations, in both languages.

The last part of a zone's own name ("Asia/Tokyo") is found without standing here. What is said of
several zones, as CST is, stands nowhere: it is asked for again.
"""

from __future__ import annotations

_TABLE = """
Asia/Shanghai beijing peking shenzhen guangzhou hangzhou chengdu wuhan nanjing xian xi'an suzhou
Asia/Shanghai tianjin xiamen china 北京 上海 深圳 广州 杭州 成都 武汉 南京 西安 苏州 重庆 天津 厦门
Asia/Shanghai 长沙 合肥 青岛 大连 沈阳 郑州 济南 福州 宁波 昆明 哈尔滨 中国 大陆
Asia/Urumqi 乌鲁木齐 新疆
Asia/Hong_Kong hk hkt hongkong 香港
Asia/Macau macao 澳门
Asia/Taipei taiwan hsinchu kaohsiung taichung 台北 台湾 新竹 高雄 台中
Asia/Tokyo jst japan osaka kyoto 东京 日本 大阪 京都
Asia/Seoul kst korea 首尔 韩国
Asia/Singapore sgt 新加坡
Asia/Kuala_Lumpur malaysia 吉隆坡 马来西亚
Asia/Bangkok thailand 曼谷 泰国
Asia/Jakarta 雅加达 印尼
Asia/Manila philippines 马尼拉 菲律宾
Asia/Ho_Chi_Minh saigon hanoi vietnam 胡志明市 河内 越南
Asia/Kolkata ist india bangalore bengaluru mumbai delhi hyderabad chennai pune
Asia/Kolkata 孟买 新德里 班加罗尔 印度
Asia/Kathmandu nepal 加德满都 尼泊尔
Asia/Dubai uae 迪拜 阿联酋
Asia/Tehran iran 德黑兰 伊朗
Asia/Jerusalem israel haifa 特拉维夫 以色列 耶路撒冷
Asia/Riyadh 利雅得 沙特
Europe/Istanbul turkey 伊斯坦布尔 土耳其
Europe/Moscow msk russia 莫斯科 俄罗斯 圣彼得堡
Europe/London uk england britain cambridge oxford edinburgh manchester 伦敦 英国 剑桥 牛津 爱丁堡
Europe/Dublin ireland 都柏林 爱尔兰
Europe/Lisbon portugal 里斯本 葡萄牙
Europe/Paris france lyon grenoble 巴黎 法国
Europe/Berlin cet cest germany munich münchen hamburg frankfurt cologne köln stuttgart heidelberg
Europe/Berlin tübingen 柏林 德国 慕尼黑 汉堡 法兰克福
Europe/Zurich zürich switzerland lausanne geneva genève 苏黎世 瑞士 日内瓦 洛桑
Europe/Vienna austria wien 维也纳 奥地利
Europe/Amsterdam netherlands holland delft 阿姆斯特丹 荷兰
Europe/Brussels belgium 布鲁塞尔 比利时
Europe/Madrid spain barcelona 马德里 西班牙 巴塞罗那
Europe/Rome italy milan milano 罗马 意大利 米兰
Europe/Warsaw poland krakow 华沙 波兰
Europe/Prague 布拉格 捷克
Europe/Budapest hungary 布达佩斯 匈牙利
Europe/Stockholm sweden 斯德哥尔摩 瑞典
Europe/Oslo norway 奥斯陆 挪威
Europe/Copenhagen denmark 哥本哈根 丹麦
Europe/Helsinki eet finland 赫尔辛基 芬兰
Europe/Athens greece 雅典 希腊
Europe/Kyiv kiev ukraine 基辅 乌克兰
America/Los_Angeles pst pdt pt pacific sanfrancisco sf seattle portland sandiego sanjose paloalto
America/Los_Angeles mountainview berkeley stanford 旧金山 洛杉矶 西雅图 圣何塞 圣地亚哥 硅谷 美西
America/Denver mst mdt mountain boulder 丹佛 盐湖城
America/Phoenix arizona 凤凰城
America/Chicago cdt austin dallas houston 芝加哥 达拉斯 休斯顿 奥斯汀
America/New_York est edt et eastern nyc boston washington philadelphia pittsburgh princeton atlanta
America/New_York miami 纽约 波士顿 华盛顿 费城 匹兹堡 亚特兰大 迈阿密 美东
America/Toronto montreal ottawa waterloo 多伦多 蒙特利尔 渥太华 滑铁卢
America/Vancouver 温哥华
America/Mexico_City mexico 墨西哥城
America/Sao_Paulo sãopaulo rio riodejaneiro brazil 圣保罗 里约 巴西
America/Argentina/Buenos_Aires argentina 布宜诺斯艾利斯 阿根廷
America/Bogota bogotá colombia 波哥大
America/Santiago chile 智利
America/Lima peru 利马 秘鲁
Africa/Cairo egypt 开罗 埃及
Africa/Johannesburg southafrica capetown 约翰内斯堡 南非 开普敦
Africa/Lagos nigeria 拉各斯
Africa/Nairobi kenya 内罗毕
Australia/Sydney aest aedt canberra 悉尼 堪培拉
Australia/Melbourne 墨尔本
Australia/Brisbane 布里斯班
Australia/Perth 珀斯
Pacific/Auckland newzealand wellington 奥克兰 新西兰 惠灵顿
Pacific/Honolulu hst hawaii 夏威夷 檀香山
UTC utc gmt z zulu 世界时 格林尼治 格林威治
"""


def _read(table: str) -> dict[str, str]:
    rows = [line.split() for line in table.split("\n") if line]
    return {name: zone for zone, *names in rows for name in names}


CITIES = _read(_TABLE)
