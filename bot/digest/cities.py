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
Asia/Shanghai canton nanchang changsha zhengzhou qingdao dalian ningbo hefei fuzhou kunming jinan
Asia/Shanghai shenyang harbin 东莞 佛山 无锡 珠海 石家庄 太原 贵阳 南宁 南昌 兰州 海口 长春
Asia/Kolkata bombay madras calcutta newdelhi kanpur kharagpur 德里 加尔各答 金奈 海得拉巴 浦那
Asia/Karachi pakistan lahore islamabad 卡拉奇 巴基斯坦 伊斯兰堡 拉合尔
Asia/Dhaka bangladesh 达卡 孟加拉国
Asia/Colombo srilanka 科伦坡 斯里兰卡
Asia/Yangon burma myanmar 仰光 缅甸
Asia/Jakarta indonesia bandung 印度尼西亚
Asia/Makassar bali denpasar 巴厘岛
Asia/Ho_Chi_Minh hochiminhcity hcmc
Asia/Phnom_Penh cambodia 金边 柬埔寨
Asia/Ulaanbaatar mongolia 乌兰巴托 蒙古
Asia/Almaty kazakhstan astana 阿拉木图 哈萨克斯坦 阿斯塔纳
Asia/Tashkent uzbekistan 塔什干 乌兹别克斯坦
Asia/Kabul afghanistan 喀布尔 阿富汗
Asia/Dubai abudhabi 阿布扎比
Asia/Qatar doha 多哈 卡塔尔
Asia/Kuwait 科威特
Asia/Baghdad iraq 巴格达 伊拉克
Asia/Beirut lebanon 贝鲁特 黎巴嫩
Asia/Riyadh saudiarabia jeddah 沙特阿拉伯
Asia/Nicosia cyprus 尼科西亚 塞浦路斯
Europe/Istanbul istanbul ankara 安卡拉
Europe/Moscow saintpetersburg stpetersburg 圣彼得堡
Europe/Minsk belarus 明斯克 白俄罗斯
Europe/Bucharest romania 布加勒斯特 罗马尼亚
Europe/Sofia bulgaria 索菲亚 保加利亚
Europe/Belgrade serbia 贝尔格莱德 塞尔维亚
Europe/Zagreb croatia 萨格勒布 克罗地亚
Europe/Ljubljana slovenia 卢布尔雅那 斯洛文尼亚
Europe/Bratislava slovakia 布拉迪斯拉发 斯洛伐克
Europe/Prague czechia brno praha
Europe/Vilnius lithuania 维尔纽斯 立陶宛
Europe/Riga latvia 里加 拉脱维亚
Europe/Tallinn estonia 塔林 爱沙尼亚
Europe/Luxembourg 卢森堡
Europe/Lisbon porto 波尔图
Europe/London scotland wales glasgow bristol 曼彻斯特 格拉斯哥
Europe/Paris toulouse marseille strasbourg bordeaux nice rennes 里昂 马赛 图卢兹
Europe/Berlin dresden leipzig düsseldorf nürnberg nuremberg karlsruhe saarbrücken bonn darmstadt
Europe/Berlin freiburg potsdam aachen 科隆 斯图加特 德累斯顿
Europe/Zurich basel bern 巴塞尔 伯尔尼
Europe/Vienna graz linz salzburg 萨尔茨堡
Europe/Amsterdam rotterdam eindhoven utrecht 鹿特丹
Europe/Brussels leuven ghent antwerp 安特卫普
Europe/Madrid valencia seville sevilla 瓦伦西亚
Europe/Rome turin torino florence naples bologna pisa 都灵 佛罗伦萨
Europe/Warsaw gdansk wroclaw poznan warszawa
Europe/Copenhagen aarhus københavn
Europe/Stockholm gothenburg göteborg uppsala
Atlantic/Reykjavik iceland 雷克雅未克 冰岛
America/Los_Angeles la losangeles bayarea sfbayarea siliconvalley cupertino sunnyvale redmond
America/Los_Angeles bellevue irvine sacramento lasvegas 湾区 加州 太平洋 拉斯维加斯 波特兰
America/Denver saltlakecity albuquerque 山地
America/Chicago central minneapolis neworleans nashville kansascity madison urbana 美中 新奥尔良
America/New_York washingtondc dc annarbor cleveland charlotte raleigh orlando tampa baltimore
America/New_York ithaca newhaven providence buffalo 东部 普林斯顿 巴尔的摩
America/Indiana/Indianapolis indianapolis
America/Kentucky/Louisville louisville
America/Anchorage alaska 阿拉斯加 安克雷奇
America/Toronto québec quebeccity kingston
America/Edmonton calgary 埃德蒙顿 卡尔加里
America/St_Johns newfoundland stjohns 纽芬兰
America/Mexico_City guadalajara 墨西哥
America/Havana cuba 哈瓦那 古巴
America/Panama 巴拿马
America/Caracas venezuela 加拉加斯 委内瑞拉
America/Guayaquil quito ecuador 基多 厄瓜多尔
America/La_Paz bolivia 拉巴斯 玻利维亚
America/Montevideo uruguay 蒙得维的亚 乌拉圭
America/Asuncion paraguay 亚松森 巴拉圭
America/Sao_Paulo brasilia brasília belohorizonte campinas 巴西利亚 里约热内卢
America/Argentina/Buenos_Aires buenosaires
America/Argentina/Mendoza mendoza
Africa/Casablanca morocco rabat 卡萨布兰卡 摩洛哥
Africa/Algiers algeria 阿尔及尔 阿尔及利亚
Africa/Tunis tunisia 突尼斯
Africa/Accra ghana 阿克拉 加纳
Africa/Lagos abuja 阿布贾 尼日利亚
Africa/Addis_Ababa ethiopia 亚的斯亚贝巴 埃塞俄比亚
Africa/Nairobi kenya 肯尼亚
Africa/Johannesburg pretoria 比勒陀利亚
Australia/Adelaide 阿德莱德
Australia/Darwin 达尔文
Pacific/Fiji suva 斐济 苏瓦
Pacific/Kiritimati kiribati 基里巴斯
Pacific/Apia samoa 萨摩亚
Pacific/Chatham 查塔姆
America/Los_Angeles menlopark 圣荷西 圣地牙哥 圣迭戈 矽谷
America/Chicago 休士顿 明尼阿波利斯 纽奥良
America/Toronto 蒙特娄
Australia/Sydney 雪梨
Asia/Shanghai lhasa 拉萨 温州
Asia/Dubai 杜拜 阿布达比
Asia/Riyadh 沙乌地阿拉伯
Asia/Kolkata 邦加罗尔 班加鲁鲁
Asia/Seoul busan daejeon 釜山 大田
Asia/Tokyo sapporo nagoya fukuoka yokohama 札幌 名古屋 福冈 横滨
Asia/Taipei tainan 台南 桃园
Africa/Nairobi 奈洛比
Africa/Johannesburg 约翰尼斯堡
Europe/Istanbul 伊斯坦堡
Europe/Rome 义大利
Pacific/Auckland nz 纽西兰
UTC utc gmt z zulu 世界时 格林尼治 格林威治
"""


def _read(table: str) -> dict[str, str]:
    rows = [line.split() for line in table.split("\n") if line]
    return {name: zone for zone, *names in rows for name in names}


CITIES = _read(_TABLE)
