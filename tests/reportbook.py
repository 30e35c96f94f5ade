"""A book with a random past, written straight into the tables, and what reports should say of it, by plain loops.

Everything is kept in lists of dictionaries as well, and the loops here know neither SQL nor the reports' code.
"""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import fmean, median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NEXT = {"suspect": ["lead"], "lead": ["prospect", "target"], "prospect": ["person"], "target": ["organization"]}
CAUSE = {
    "lead": "promote",
    "prospect": "qualify",
    "target": "qualify",
    "person": "purchase",
    "organization": "purchase",
}
CUSTOMERS = ("person", "organization")
Row = dict[str, Any]
DIGITS = {"EUR": 2, "JPY": 0, "USD": 2}


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local_day(text: str) -> date:
    """The day of a moment in Rome."""
    return of(text).astimezone(ROME).date()


def month(text: str) -> str:
    return local_day(text).isoformat()[:7]


def week(text: str) -> str:
    year, number, _day = local_day(text).isocalendar()
    return f"{year}-W{number:02}"


class Book:
    """Lists of what is in the tables of a database."""

    def __init__(self, seed: int, entities: int = 40) -> None:
        self.chance = random.Random(seed)
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self.put("field", name="owner", kind="text", side="both")
        for name in ("Spring", "Autumn"):
            cost = self.chance.choice([None, 50_000])
            self.put("campaign", name=name, channel="email", purpose="marketing", cost_minor=cost,
                     currency="EUR" if cost else None, created_at=self.moment(500))  # fmt: skip
        for _nth in range(entities):
            self.live()
        self.fold()
        self.merge()
        self.work()

    def put(self, table: str, **row: Any) -> Row:
        rows = self.tables[table]
        if table in ("entity", "interaction", "purchase", "task", "ticket", "campaign"):
            row["uid"] = self.chance.randbytes(16)
        rows.append({"id": len(rows) + 1, **row})
        return rows[-1]

    def moment(self, days: int = 400, after: str | None = None) -> str:
        """A moment of the past, often near midnight of the first of a month, where days in Rome are others in UTC."""
        earliest = of(after) if after else NOW - timedelta(days=days)
        moment = earliest + (NOW - earliest) * self.chance.random()
        if self.chance.random() < 0.3:
            edge = moment.astimezone(ROME).replace(day=1, hour=0, minute=0, second=0)
            edge += timedelta(minutes=self.chance.randrange(-90, 90))
            moment = edge if earliest < edge < NOW else moment
        return iso(moment)

    def live(self) -> None:
        """Somebody is entered, and goes some steps."""
        chance, type, at = self.chance, self.chance.choice(list(NEXT) + list(CUSTOMERS)), self.moment()
        entity = self.put(
            "entity", type=type, state=chance.choice(["active"] * 4 + ["lost", "inactive"]), full_name=f"Name {at}",
            source=chance.choice(["web", "fair", None]), created_at=at, updated_at=at, merged_into=None,
            removed_at=self.moment(after=at) if chance.random() < 0.1 else None, notes="",
        )  # fmt: skip
        while entity["type"] in NEXT and chance.random() < 0.6:
            to = chance.choice(NEXT[entity["type"]])
            at = self.moment(after=at)
            voided = CAUSE[to] == "purchase" and chance.random() < 0.3
            self.put("transition", entity_id=entity["id"], into_id=None, from_type=entity["type"], to_type=to, at=at,
                     cause=CAUSE[to], voided_at=iso(NOW) if voided else None)  # fmt: skip
            if voided:
                break
            entity["type"] = to
        for tag in ("vip", "cold"):
            if chance.random() < 0.4:
                self.put("tag", entity_id=entity["id"], tag=tag)
        if chance.random() < 0.7:
            self.put("field_value", entity_id=entity["id"], field_id=1, value=chance.choice(["Anna", "Bob"]))
        for kind, value in (("email", ["a@b.it", "x@y.example", "no-reply@b.it", "t@test"]), ("phone", ["02 123456"])):
            if chance.random() < 0.6:
                self.put("contact_point", entity_id=entity["id"], kind=kind, value=chance.choice(value), side="person",
                         is_primary=1)  # fmt: skip

    def fold(self) -> None:
        """A lead is folded into somebody who was there."""
        leads = [e for e in self.alive() if e["type"] == "lead"]
        others = [e for e in self.alive() if e["type"] in ("prospect", "person")]
        for lead in leads[:2]:
            if others:
                into = self.chance.choice(others)
                self.put("transition", entity_id=lead["id"], into_id=into["id"], from_type="lead", to_type=into["type"],
                         at=self.moment(after=self.last(lead)), cause="qualify", voided_at=None)  # fmt: skip
                lead["merged_into"] = into["id"]
        self.tables["tag"] = [t for t in self.tables["tag"] if self.entity(t["entity_id"])["merged_into"] is None]

    def merge(self) -> None:
        """Two that are the same are made one; what the other had been stays with its number."""
        one, other = self.alive()[-1], self.alive()[-2]
        other["merged_into"] = one["id"]
        self.tables["tag"] = [t for t in self.tables["tag"] if t["entity_id"] != other["id"]]
        one["created_at"] = min(one["created_at"], other["created_at"])

    def last(self, entity: Row) -> str:
        return max([t["at"] for t in self.tables["transition"] if t["entity_id"] == entity["id"]]
                   + [entity["created_at"]])  # fmt: skip

    def work(self) -> None:
        """Contacts, purchases, tasks, tickets, links."""
        chance, there = self.chance, [e for e in self.tables["entity"] if e["merged_into"] is None]
        numbers = [e["id"] for e in there]
        for campaign in self.tables["campaign"]:
            for number in chance.sample(numbers, 8):
                self.put("campaign_member", campaign_id=campaign["id"], entity_id=number, added_at=iso(NOW))
        for _nth in range(6 * len(numbers)):
            self.put("interaction", entity_id=chance.choice(numbers), at=self.moment(), text="Hello", subject=None,
                     direction=chance.choice(["in", "out"]), channel=chance.choice(["email", "call"]), ticket_id=None,
                     campaign_id=chance.choice([None, None, 1, 2]))  # fmt: skip
        for _nth in range(2 * len(numbers)):
            currency = chance.choice(["EUR", "EUR", "USD", "JPY", None])
            self.put("purchase", entity_id=chance.choice(numbers), also_id=chance.choice([None, *numbers]),
                     product=chance.choice(["Plan", "Pump"]), is_service=0, currency=currency,
                     amount_minor=chance.randrange(1, 10**6) if currency else None,
                     bought_on=local_day(self.moment()).isoformat(), quantity=chance.choice([None, "3", "2.5", "0.1"]),
                     voided_at=iso(NOW) if chance.random() < 0.2 else None)  # fmt: skip
        for _nth in range(30):
            done = chance.random() < 0.6
            task = self.put("task", text="Call", due=None, priority=None, state="done" if done else "open",
                            created_at=self.moment(), done_at=self.moment() if done else None)  # fmt: skip
            for number in chance.sample(numbers, chance.randrange(3)):
                self.put("task_entity", task_id=task["id"], entity_id=number)
        for _nth in range(40):
            self.ticket(chance.choice(numbers))
        for member in there:
            groups = [e["id"] for e in there if e["type"] in ("target", "organization")]
            if member["type"] in ("prospect", "person") and groups and chance.random() < 0.6:
                self.put("membership", member_id=member["id"], organization_id=chance.choice(groups), is_primary=1)

    def ticket(self, number: int) -> None:
        chance, opened = self.chance, self.moment()
        state = chance.choice(["open", "waiting", "closed"])
        due = chance.choice([None, local_day(self.moment()).isoformat(), self.moment(), "2030-01-01"])
        ticket = self.put("ticket", entity_id=number, subject="Broken", state=state, due=due, opened_at=opened,
                          priority=chance.choice(["h", "m", "l", None]),
                          closed_at=self.moment(after=opened) if state == "closed" else None)  # fmt: skip
        at, direction = opened, chance.choice(["in", "in", "out"])
        for _nth in range(chance.randrange(1, 4)):
            self.put("interaction", entity_id=number, at=at, direction=direction, channel="email", subject=None,
                     text="Help", ticket_id=ticket["id"], campaign_id=None)  # fmt: skip
            at, direction = self.moment(after=at), chance.choice(["in", "out"])
        if chance.random() < 0.3:
            self.put("ticket_event", ticket_id=ticket["id"], at=at, kind="reopen", text=None)

    def save(self, path: Path) -> None:
        """Write everything into a database that exists and is empty."""
        connection = sqlite3.connect(path)
        connection.execute("DELETE FROM field")
        for table, rows in self.tables.items():
            for row in rows:
                names = ", ".join(row)
                connection.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
                )
        connection.commit()
        connection.close()

    # What is asked of it

    def entity(self, number: int) -> Row:
        return self.tables["entity"][number - 1]

    def alive(self) -> list[Row]:
        return [e for e in self.tables["entity"] if not e["removed_at"] and e["merged_into"] is None]

    def top(self, entity: Row) -> Row:
        while entity["merged_into"] is not None:
            entity = self.entity(entity["merged_into"])
        return entity

    def tags(self, entity: Row) -> list[Any]:
        return [t["tag"] for t in self.tables["tag"] if t["entity_id"] == entity["id"]] or [None]

    def owner(self, entity: Row) -> list[Any]:
        return [v["value"] for v in self.tables["field_value"] if v["entity_id"] == entity["id"]] or [None]

    def groups(self, by: str, entity: Row) -> list[Any]:
        if by == "tag":
            return self.tags(entity)
        return self.owner(entity) if by == "owner" else [entity[by]]

    def steps(self, entity: Row) -> list[Row]:
        """The steps that stand, of this number alone."""
        return [t for t in self.tables["transition"] if t["entity_id"] == entity["id"] and not t["voided_at"]]


class Asked:
    """A report's question: whom (a predicate over entities), between which days, by what."""

    def __init__(
        self,
        book: Book,
        who: Callable[[Row], bool] = lambda e: True,
        first: str = "0001-01-01",
        last: str = "9998-12-31",
    ) -> None:
        self.book, self.first, self.last = book, date.fromisoformat(first), date.fromisoformat(last)
        self.who = [e for e in book.alive() if who(e)]
        self.numbers = {e["id"] for e in self.who}
        self.wanted = who

    def within(self, moment: str) -> bool:
        return self.first <= (local_day(moment) if "T" in moment else date.fromisoformat(moment)) <= self.last


def money(amounts: Iterable[tuple[str, int]]) -> list[Row]:
    sums: dict[str, int] = defaultdict(int)
    for currency, amount in amounts:
        sums[currency] += amount
    return [{"currency": c, "amount": str(Decimal(sums[c]).scaleb(-DIGITS[c]))} for c in sorted(sums)]


def close(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=0.006)


def middle(values: list[float], unit: float) -> Any:
    return close(median(values) / unit if values else None)


def average(values: list[float], unit: float) -> Any:
    return close(fmean(values) / unit if values else None)


def seconds(start: str, end: str) -> float:
    return (of(end) - of(start)).total_seconds()


def keyed(groups: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, item in groups:
        found[key].append(item)
    return found


# What each report should say: group (or None) -> figures


def funnel(ask: Asked, by: str | None) -> dict[tuple[Any, str], tuple[Any, ...]]:
    """(group, type) -> entered, there, moved on, conversion, median days."""
    book, stays = ask.book, []
    for entity in book.tables["entity"]:
        top, steps = book.top(entity), book.steps(entity)
        folded = any(t["into_id"] for t in steps)
        if entity["removed_at"] or top not in ask.who or (entity is not top and not folded):
            continue
        type, entered = steps[0]["from_type"] if steps else entity["type"], entity["created_at"]
        for step in [*steps, None]:
            there = step is None and not folded
            if type is not None and ask.within(entered):
                groups = [None] if by is None else [month(entered)] if by == "month" else (
                    [entity["source"]] if by == "source" else book.groups(by, top))  # fmt: skip
                for group in groups:
                    stays.append(((group, type), (entered, step and step["at"], there)))
            if step is not None:
                type, entered = (None if step["into_id"] else step["to_type"]), step["at"]
    found = {}
    for (group, type), own in keyed(stays).items():
        days = [seconds(entered, left) for entered, left, _there in own if left]
        last = type in CUSTOMERS
        found[group, type] = (
            len(own), sum(there for _e, _l, there in own), None if last else len(days),
            None if last else pytest.approx(len(days) / len(own), abs=0.0001), None if last else middle(days, 86400),
        )  # fmt: skip
    return found


def sources(ask: Asked, by: str | None) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    """(group, source) -> entities, leads, qualified, customers, conversion, revenue."""
    book, found = ask.book, {}
    pairs = [
        ((group, e["source"]), e)
        for e in ask.who
        if ask.within(e["created_at"])
        for group in ([None] if by is None else [month(e["created_at"])] if by == "month" else book.groups(by, e))
    ]
    for key, own in keyed(pairs).items():
        been = [{e["type"], *(t["from_type"] for t in book.steps(e))} for e in own]
        customers = [e for e in own if e["type"] in CUSTOMERS]
        won = [e for e in customers if any(t["cause"] == "purchase" for t in book.steps(e))]
        rest = len(own) - len(customers) + len(won)
        found[key] = (
            len(own), sum("lead" in types for types in been),
            sum(bool(types & {"prospect", "target"}) for types in been),
            len(customers), close(len(won) / rest) if rest else None,
            money((p["currency"], p["amount_minor"]) for e in own for p in book.tables["purchase"]
                  if p["entity_id"] == e["id"] and not p["voided_at"] and p["currency"]),
        )  # fmt: skip
    return found


def campaigns(ask: Asked) -> dict[str, tuple[Any, ...]]:
    """name -> members, reached, answered, leads, qualified, customers, revenue, cost, cost per lead."""
    book, found = ask.book, {}
    for campaign in book.tables["campaign"]:
        firsts: dict[str, dict[int, str]] = {"in": {}, "out": {}}
        for i in sorted(book.tables["interaction"], key=lambda i: i["at"]):
            if i["campaign_id"] == campaign["id"] and i["entity_id"] in ask.numbers:
                firsts[i["direction"]].setdefault(i["entity_id"], i["at"])
        reached, answered = ({n: at for n, at in firsts[way].items() if ask.within(at)} for way in ("out", "in"))
        steps: dict[str, set[int]] = defaultdict(set)
        for t in book.tables["transition"]:
            top = book.top(book.entity(t["entity_id"]))["id"]
            if top in reached and not t["voided_at"] and t["at"] >= reached[top]:
                steps[t["cause"]].add(top)
                steps[t["to_type"]].add(top)
        bought = [
            (p["currency"], p["amount_minor"]) for p in book.tables["purchase"]
            if not p["voided_at"] and p["currency"] and any(
                n in reached and p["bought_on"] >= local_day(reached[n]).isoformat()
                for n in (p["entity_id"], p["also_id"]))
        ]  # fmt: skip
        leads, cost = len(steps["lead"]), campaign["cost_minor"]
        found[campaign["name"]] = (
            sum(m["campaign_id"] == campaign["id"] and m["entity_id"] in ask.numbers
                for m in book.tables["campaign_member"]),
            len(reached), len(answered), leads, len(steps["qualify"]), len(steps["purchase"]), money(bought),
            f"{cost / 100:.2f}" if cost else None, close(cost / 100 / leads) if cost and leads else None,
        )  # fmt: skip
    return found


def activity(ask: Asked, by: str, everybody: bool) -> dict[Any, tuple[Any, ...]]:
    """group -> in, out, contacts, people, tasks done (None by channel)."""
    book = ask.book
    times = {"day": lambda at: local_day(at).isoformat(), "week": week, "month": month}

    def groups(at: str, entity: Row | None, item: Row) -> list[Any]:
        if by in times:
            return [times[by](at)]
        return [item["channel"]] if by == "channel" else book.groups(by, entity or {})

    contacts = keyed((g, i) for i in book.tables["interaction"] if i["entity_id"] in ask.numbers and ask.within(i["at"])
                     for g in groups(i["at"], book.entity(i["entity_id"]), i))  # fmt: skip
    done: dict[Any, set[int]] = defaultdict(set)
    for task in book.tables["task"] if by != "channel" else ():
        about = [link["entity_id"] for link in book.tables["task_entity"] if link["task_id"] == task["id"]]
        if task["done_at"] and ask.within(task["done_at"]):
            for number in [n for n in about if n in ask.numbers] or ([None] if everybody and by in times else []):
                for g in groups(task["done_at"], book.entity(number) if number else None, task):
                    done[g].add(task["id"])
    return {
        g: (sum(i["direction"] == "in" for i in contacts[g]), sum(i["direction"] == "out" for i in contacts[g]),
            len(contacts[g]), len({i["entity_id"] for i in contacts[g]}), None if by == "channel" else len(done[g]))
        for g in {*contacts, *done}
    }  # fmt: skip


def took(book: Book) -> dict[str, list[float]]:
    """How many seconds those who moved on had been in each type."""
    found: dict[str, list[float]] = defaultdict(list)
    for entity in book.tables["entity"]:
        steps, since = book.steps(entity), entity["created_at"]
        if not entity["removed_at"] and (entity["merged_into"] is None or any(t["into_id"] for t in steps)):
            for step in steps:
                found[step["from_type"]].append(seconds(since, step["at"]))
                since = step["at"]
    return found


def pipeline(ask: Asked) -> dict[int, tuple[Any, ...]]:
    """number -> type, days, last contact, whether stuck."""
    book, found = ask.book, {}
    usual = {type: median(values) for type, values in took(book).items()}
    for e in ask.who:
        since = max([t["at"] for t in book.steps(e)] + [e["created_at"]])
        if e["type"] in CUSTOMERS or e["state"] != "active" or not ask.within(since):
            continue
        theirs = {e["id"]}
        if e["type"] == "target":
            theirs |= {m["member_id"] for m in book.tables["membership"] if m["organization_id"] == e["id"]}
        last = max((i["at"] for i in book.tables["interaction"] if i["entity_id"] in theirs), default=None)
        days = seconds(since, iso(NOW))
        slow = e["type"] in usual and days > 2 * usual[e["type"]]
        silent = seconds(last or e["created_at"], iso(NOW)) >= 30 * 86400
        found[e["id"]] = (e["type"], int(days // 86400), last, slow, silent)
    return found


def sales(ask: Asked, by: str) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    """(group, currency) -> revenue, count, quantity, average."""
    book, pairs, found = ask.book, [], {}
    for p in book.tables["purchase"]:
        if not p["voided_at"] and p["entity_id"] in ask.numbers and ask.within(p["bought_on"]):
            buyer = book.entity(p["entity_id"])
            own: dict[str, list[Any]] = {
                "month": [p["bought_on"][:7]],
                "customer": [buyer["id"]],
                "product": [p["product"]],
            }
            pairs += [((g, p["currency"]), p) for g in own.get(by) or book.groups(by, buyer)]
    for (group, currency), bought in keyed(pairs).items():
        revenue = money((currency, p["amount_minor"]) for p in bought)[0]["amount"] if currency else None
        unit = Decimal(1).scaleb(-DIGITS.get(currency, 0))
        found[group, currency] = (
            revenue, len(bought), sum(Decimal(p["quantity"] or 1) for p in bought),
            pytest.approx(Decimal(revenue) / len(bought), abs=unit) if revenue else None,
        )  # fmt: skip
    return found


def service(ask: Asked, by: str) -> dict[Any, tuple[Any, ...]]:
    """group -> opened, closed, open, waiting, overdue, reopened, answer median, mean, close median, mean."""
    book = ask.book
    tickets = [t for t in book.tables["ticket"] if t["entity_id"] in ask.numbers]
    timed = by in ("month", "week")
    how = {"month": month, "week": week}.get(by)
    opened = keyed((g, t) for t in tickets if ask.within(t["opened_at"]) for g in (
        [how(t["opened_at"])] if how else [t[by]] if by in ("state", "priority")
        else book.groups(by, book.entity(t["entity_id"]))))  # fmt: skip
    closed = keyed((how(t["closed_at"]), t) for t in tickets if how and t["closed_at"] and ask.within(t["closed_at"]))
    found = {}
    for group in {*opened, *closed}:
        own, answers = opened[group], []
        for t in own:
            messages = [i for i in book.tables["interaction"] if i["ticket_id"] == t["id"]]
            ours = [i["at"] for i in messages if i["direction"] == "out"]
            if messages[0]["direction"] == "in" and ours:
                answers.append(seconds(t["opened_at"], min(ours)))
        late = [
            t
            for t in own
            if t["state"] != "closed"
            and t["due"]
            and (of(t["due"]) < NOW if "T" in t["due"] else date.fromisoformat(t["due"]) < NOW.astimezone(ROME).date())
        ]
        closes = [seconds(t["opened_at"], t["closed_at"]) for t in own if t["closed_at"]]
        reopened = {v["ticket_id"] for v in book.tables["ticket_event"]}
        found[group] = (
            len(own), len(closed[group]) if timed else sum(t["state"] == "closed" for t in own),
            sum(t["state"] == "open" for t in own), sum(t["state"] == "waiting" for t in own), len(late),
            sum(t["id"] in reopened for t in own), middle(answers, 3600), average(answers, 3600), middle(closes, 3600),
            average(closes, 3600),
        )  # fmt: skip
    return found


def growth(ask: Asked, by: str) -> dict[Any, tuple[Any, ...]]:
    """group -> new by type, removed, won, lost."""
    book = ask.book
    found: dict[Any, list[Any]] = defaultdict(lambda: [defaultdict(int), 0, 0, 0])

    def groups(at: str, entity: Row) -> list[Any]:
        return [month(at)] if by == "month" else book.groups(by, entity)

    for e in book.tables["entity"]:
        if e["merged_into"] is not None or not ask.wanted(e):
            continue
        steps = book.steps(e)
        if ask.within(e["created_at"]):
            for g in groups(e["created_at"], e):
                found[g][0][steps[0]["from_type"] if steps else e["type"]] += 1
        if e["removed_at"]:
            for g in groups(e["removed_at"], e) if ask.within(e["removed_at"]) else ():
                found[g][1] += 1
            continue
        for t in steps:
            for g in groups(t["at"], e) if t["cause"] == "purchase" and ask.within(t["at"]) else ():
                found[g][2] += 1
        if e["state"] in ("lost", "inactive") and ask.within(e["created_at"]):
            for g in groups(e["created_at"], e):
                found[g][3] += 1
    return {g: (dict(new), *rest) for g, (new, *rest) in found.items()}
