"""Small worlds that each tell one story of who is who, over several days.

Here: the records, decisions, blocks and store devices of every story, under its name. Not here: what must come out
(test_stories.py), how they are landed (told_worlds.py).
"""

from __future__ import annotations

from tests.scenarios.identity.facts import Facts
from tests.scenarios.identity.told_worlds import decided, told

APP, WEB, BINDING, WECHAT, SHOP = "app.event", "web.event", "tmall.member_binding", "wechat.event", "shop.order"


LINKS = [
    # A chain: member card - phone - e-mail - a second phone, each pair on a record of its own.
    Facts(
        [
            told("chain", 2, member_id="1", phone="1"),
            told("chain", 3, phone="1", email="1"),
            told("chain", 1, email="1", phone="2"),
        ]
    ),
    # One member whom three phones and an address lead to.
    Facts(
        [
            *(told("fan_in", number, member_id="1", phone=str(number)) for number in (1, 2, 3)),
            told("fan_in", 0, member_id="1", email="1"),
        ]
    ),
    # Two ways from the member to the address.
    Facts(
        [
            told("diamond", 3, member_id="1", phone="1"),
            told("diamond", 2, member_id="1", phone="2"),
            told("diamond", 1, phone="1", email="1"),
            told("diamond", 1, phone="2", email="1"),
        ]
    ),
    # Two customers with a past of their own, until one order names both.
    Facts(
        [
            told("late_bridge", 0, phone="1", email="1"),
            told("late_bridge", 1, phone="2", email="2"),
            told("late_bridge", 5, email="1", phone="2"),
        ]
    ),
    # The card list knows no day; the e-mail was seen on day 0.
    Facts([told("undated", 0, email="1"), told("undated", None, member_id="1", email="1")]),
    # Nobody but a member card.
    Facts([told("alone", 2, member_id="1")]),
    # Two openids, of the official account and the mini-program, with one unionid.
    Facts(
        [
            told("unionid", 1, rule=WECHAT, wechat_openid="account", wechat_unionid="1"),
            told("unionid", 2, rule=WECHAT, wechat_openid="mini", wechat_unionid="1"),
            told("unionid", 0, rule=WECHAT, wechat_openid="mini"),
        ]
    ),
    # WeChat first; at the till the member's code is scanned, and the order names openid, number and member.
    Facts(
        [
            told("qr_bind", 0, rule=WECHAT, wechat_openid="1"),
            told("qr_bind", 4, rule=SHOP, wechat_openid="1", phone="1", member_id="1"),
        ]
    ),
    # A guest gives number and address; later the member of that number signs in.
    Facts([told("guest", 1, rule=SHOP, phone="1", email="1"), told("guest", 4, member_id="1", phone="1")]),
    # A present: the one who receives it is not the one who pays, and is a customer of her own.
    Facts(
        [
            told("gift", 1, rule=SHOP, phone="giver", email="giver", recipient="friend"),
            told("gift", 3, phone="friend", email="friend"),
        ]
    ),
    # A stranger is only ever given things: her number is not even seen.
    Facts([told("only_given", 1, rule=SHOP, member_id="giver", recipient="stranger")]),
    # Who buys for others: five parcels to five numbers, one customer.
    Facts(
        [
            told("proxy", number, rule=SHOP, member_id="buyer", phone="buyer", recipient=f"client_{number}")
            for number in range(5)
        ]
    ),
    # The Tmall buyer becomes the member's on day 4, with the orders of before.
    Facts(
        [
            told("binding", 0, rule=BINDING, event="bind", tmall_ouid="other", member_id="other"),
            told("binding", 1, member_id="1", phone="1"),
            told("binding", 4, rule=BINDING, event="bind", tmall_ouid="1", tmall_omid="1", member_id="1"),
        ]
    ),
]
"""Stories of evidence alone."""


CONTESTED = [
    # Two members share one e-mail.
    Facts([told("shared", 1, member_id="1", email="1"), told("shared", 2, member_id="2", email="1")]),
    # A number changes hands: the new holder's card is left out, the number stays with the first.
    Facts(
        [
            told("recycled", 0, member_id="old", phone="1"),
            told("recycled", 4, member_id="new", phone="1"),
            told("recycled", 4, member_id="new", email="new"),
        ]
    ),
    # A couple with one number; each has a card and an address.
    Facts(
        [
            told("couple", 1, member_id="she", phone="home", email="she"),
            told("couple", 2, member_id="he", phone="home", email="he"),
        ]
    ),
    # A newer link splits an older customer: priority comes before date; the key passes on.
    Facts(
        [
            told("passed_on", 0, phone="1", email="1"),
            told("passed_on", 1, email="1", member_id="1"),
            told("passed_on", 4, phone="1", member_id="2"),
        ]
    ),
    # A merge that cannot be: two members' families meet in one address.
    Facts(
        [
            told("conflict", 0, member_id="1", phone="1"),
            told("conflict", 1, member_id="2", phone="2"),
            told("conflict", 4, phone="1", email="both"),
            told("conflict", 5, phone="2", email="both"),
        ]
    ),
    # The shop's own e-mail on the records of five members: one more than the limit.
    Facts([told("shop", day, member_id=str(day), email="till") for day in range(5)]),
    # An honest phone: four members of a family, four addresses; the limit holds for each namespace alone.
    Facts(
        [
            *(told("family", day, phone="home", member_id=str(day)) for day in range(4)),
            *(told("family", day, phone="home", email=str(day)) for day in range(4)),
        ]
    ),
    # The cashier types 13800138000 when there is no number.
    Facts(
        [
            told("default", 1, member_id="1", phone="138"),
            told("default", 2, member_id="2", phone="138"),
            told("default", 2, phone="138"),
        ],
        blocked=frozenset({"default:phone:138"}),
    ),
]
"""Stories of rules that evidence breaks."""


REVIEWED = [
    # The Tmall buyer is unbound on day 4: what the binding said is gone, the rest stays.
    Facts(
        [
            told("unbound", 1, rule=BINDING, event="bind", tmall_ouid="1", member_id="1"),
            told("unbound", 2, member_id="1", phone="1"),
            told("unbound", 4, rule=BINDING, event="unbind", tmall_ouid="1", member_id="1"),
        ]
    ),
    # Unbound, and bound again two days later.
    Facts(
        [
            told("rebound", 1, rule=BINDING, event="bind", tmall_ouid="1", member_id="1"),
            told("rebound", 3, rule=BINDING, event="unbind", tmall_ouid="1", member_id="1"),
            told("rebound", 5, rule=BINDING, event="bind", tmall_ouid="1", member_id="1"),
        ]
    ),
    # A wrong number, withdrawn by a person, is seen with the member again later.
    Facts(
        [told("taken_back", 1, member_id="1", phone="1"), told("taken_back", 5, member_id="1", phone="1")],
        [decided("taken_back", 3, "withdraw", "member_id:1", "phone:1")],
    ),
    # Two cards of one member of staff's friend: a person says they are two people.
    Facts(
        [told("refused", 1, phone="1", email="1"), told("refused", 2, phone="1", email="2")],
        [decided("refused", 3, "refuse", "phone:1", "email:2")],
    ),
    # Refused, but the two hang together by another path: the weaker link of that path goes too.
    Facts(
        [
            told("by_path", 0, phone="1", email="1"),
            told("by_path", 1, email="1", member_id="1"),
            told("by_path", 1, member_id="1", phone="1"),
        ],
        [decided("by_path", 3, "refuse", "member_id:1", "phone:1")],
    ),
    # The address of a small company: over the limit, until a person says that it is one member's after all.
    Facts(
        [told("released", day, member_id=str(day), email="firm") for day in range(5)],
        [decided("released", 5, "release", "member_id:4", "email:firm")],
    ),
    # No release helps a blocked number, or makes two members one.
    Facts(
        [
            told("in_vain", 1, member_id="1", phone="138"),
            told("in_vain", 1, member_id="1", email="1"),
            told("in_vain", 1, member_id="2", email="2"),
        ],
        [
            decided("in_vain", 2, "release", "member_id:1", "phone:138"),
            decided("in_vain", 2, "release", "member_id:1", "member_id:2"),
        ],
        frozenset({"in_vain:phone:138"}),
    ),
    # Released although no record ever held both.
    Facts(
        [told("joined_by_hand", 1, phone="1"), told("joined_by_hand", 2, email="1")],
        [decided("joined_by_hand", 3, "release", "phone:1", "email:1")],
    ),
    # Refused on day 2, released on day 5: the latest decision holds.
    Facts(
        [told("changed_mind", 1, phone="1", email="1")],
        [
            decided("changed_mind", 2, "refuse", "phone:1", "email:1"),
            decided("changed_mind", 5, "release", "phone:1", "email:1"),
        ],
    ),
]
"""Stories in which a person decides, or somebody takes back what was said."""


DEVICES = [
    # Looks around for two days, then logs in: the history joins.
    Facts(
        [
            told("joins", 0, rule=WEB, cookie_id="1"),
            told("joins", 2, rule=WEB, cookie_id="1"),
            told("joins", 4, rule=WEB, cookie_id="1", member_id="1"),
        ]
    ),
    # Nobody ever logs in.
    Facts([told("anonymous", 1, rule=WEB, cookie_id="1")]),
    # A family's tablet: she, he, she again. It never makes one of two.
    Facts(
        [
            told("tablet", 1, rule=WEB, cookie_id="home", member_id="she"),
            told("tablet", 3, rule=WEB, cookie_id="home", member_id="he"),
            told("tablet", 5, rule=WEB, cookie_id="home", member_id="she"),
        ]
    ),
    # The browser of a library: five members, one more than a cookie may know.
    Facts([told("library", day, rule=WEB, cookie_id="1", member_id=str(day)) for day in range(5)]),
    # The assistant's tablet: hers from login to logout, his to the end of the day, nobody's else.
    Facts(
        [
            told("counter", 0, hour=1, rule=APP, device_id="tab", app_instance_id="tab"),
            told("counter", 1, hour=1, rule=APP, device_id="tab", member_id="she"),
            told("counter", 1, hour=2, rule=APP, event="logout", device_id="tab"),
            told("counter", 1, hour=4, rule=APP, device_id="tab", member_id="he"),
            told("counter", 2, hour=1, rule=APP, device_id="tab"),
        ],
        store_devices=frozenset({"counter:device_id:tab"}),
    ),
    # A login that a person says was not hers leaves the browser to nobody.
    Facts(
        [told("not_hers", 1, rule=WEB, cookie_id="1", member_id="1")],
        [decided("not_hers", 3, "refuse", "cookie_id:1", "member_id:1")],
    ),
    # A number that is nobody's opens no interval.
    Facts(
        [
            told("no_login", 1, rule=WEB, cookie_id="1", phone="138"),
            told("no_login", 3, rule=WEB, cookie_id="1", phone="1"),
        ],
        blocked=frozenset({"no_login:phone:138"}),
    ),
    # Somebody logged in by mistake, and a person took it back: the cookie is nobody's again.
    Facts(
        [
            told("mistaken", 1, rule=WEB, cookie_id="1", member_id="1"),
            told("mistaken", 2, rule=WEB, cookie_id="1"),
        ],
        [decided("mistaken", 3, "withdraw", "cookie_id:1", "member_id:1")],
    ),
    # Member and number at the same moment: the better priority is who logged in.
    Facts(
        [
            told("same_moment", 1, rule=WEB, cookie_id="1", member_id="1"),
            told("same_moment", 1, rule=WEB, cookie_id="1", phone="other"),
        ]
    ),
]
"""Stories of cookies, devices and who logs in on them."""


def all_stories() -> list[Facts]:
    """Every story, each a world of its own."""
    return [*LINKS, *CONTESTED, *REVIEWED, *DEVICES]
