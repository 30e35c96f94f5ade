"""Every command: its name, where it lives and its summary, so that ``--help`` imports none of them."""

from __future__ import annotations

from typing import NamedTuple

from dkcrm.reports import REPORTS


class Command(NamedTuple):
    """One command. ``needs`` names the types without any of which it has nothing to do."""

    place: str
    summary: str
    section: str
    writes: bool = True
    needs: tuple[str, ...] = ()


_DAY, _CYCLE, _LOOK, _HISTORY, _SAFE, _SETUP = (
    "Every day",
    "Life cycle",
    "Find and report",
    "History",
    "Safe keeping",
    "Set up, import and learn",
)
_MARKETING = "Marketing"
_LEADS = ("lead",)

COMMANDS: dict[str, Command] = {
    "add": Command("entities:add", "Add a person or organization.", _DAY),
    "show": Command("show:show", "Show entities, today or as they were.", _DAY, False),
    "set": Command("entities:set_", "Change attributes.", _DAY),
    "edit": Command("entities:edit", "Change an entity in your editor.", _DAY),
    "tag": Command("entities:tag", "Put tags on entities.", _DAY),
    "untag": Command("entities:untag", "Take tags off entities.", _DAY),
    "note": Command("entities:note", "Add a note.", _DAY),
    "rm": Command("entities:rm", "Hide entities (restore brings them back).", _DAY),
    "restore": Command("entities:restore", "Bring removed entities back, or a whole backup.", _DAY),
    "merge": Command("duplicates:merge", "Make one of entities that are the same.", _DAY),
    "distinct": Command("duplicates:distinct", "Remember that entities are not the same.", _DAY),
    "log": Command("lifecycle:log", "Log a contact with an entity, in or out.", _DAY),
    "task add": Command("tasks:task_add", "Add a task, with a date and reminders.", _DAY),
    "task list": Command("tasks:task_list", "List tasks.", _DAY, False),
    "task show": Command("tasks:task_show", "Show tasks.", _DAY, False),
    "task done": Command("tasks:task_done", "Mark tasks as done; one that comes back gives the next.", _DAY),
    "task snooze": Command("tasks:task_snooze", "Put a task off.", _DAY),
    "task edit": Command("tasks:task_edit", "Change a task.", _DAY),
    "task rm": Command("tasks:task_rm", "Take tasks away.", _DAY),
    "task export": Command("tasks:task_export", "Export tasks to a calendar.", _DAY, False),
    "ticket open": Command("tickets:ticket_open", "Open a ticket for a request of somebody.", _DAY),
    "ticket reply": Command("tickets:ticket_reply", "Log an answer to a ticket, ours or theirs.", _DAY),
    "ticket note": Command("tickets:ticket_note", "Write an internal note on a ticket.", _DAY),
    "ticket wait": Command("tickets:ticket_wait", "Let tickets wait for the customer.", _DAY),
    "ticket close": Command("tickets:ticket_close", "Close tickets.", _DAY),
    "ticket reopen": Command("tickets:ticket_reopen", "Open tickets again.", _DAY),
    "ticket edit": Command("tickets:ticket_edit", "Change a ticket.", _DAY),
    "ticket list": Command("tickets:ticket_list", "List tickets.", _DAY, False),
    "ticket show": Command("tickets:ticket_show", "Show tickets, with all that was said.", _DAY, False),
    "agenda": Command("agenda:agenda", "What is overdue, due and coming, and whom to contact.", _DAY, False),
    "remind": Command("agenda:remind", "Give the reminders that are due, once each.", _DAY),
    "keep": Command("agenda:keep", "Say how often somebody is to be contacted.", _DAY),
    "keep list": Command("agenda:keep_list", "List who is to be kept in touch with.", _DAY, False),
    "promote": Command("lifecycle:promote", "Make leads of suspects that contacted us.", _CYCLE, needs=("suspect",)),
    "assess": Command("qualification:assess", "Answer criteria for a lead.", _CYCLE, needs=_LEADS),
    "qualify": Command(
        "qualification:qualify", "Turn leads into prospects and targets.", _CYCLE, needs=("prospect", "target")
    ),
    "disqualify": Command("lifecycle:disqualify", "Put a lead aside, and say why.", _CYCLE, needs=_LEADS),
    "lose": Command("lifecycle:lose", "Mark a prospect or target as lost.", _CYCLE, needs=("prospect", "target")),
    "reopen": Command("lifecycle:reopen", "Make an entity active again.", _CYCLE),
    "purchase": Command("lifecycle:purchase", "Record a purchase: the buyer becomes a customer.", _CYCLE),
    "purchase void": Command("lifecycle:purchase_void", "Void a purchase.", _CYCLE),
    "purchase list": Command("sales:purchase_list", "List purchases, with their totals.", _CYCLE, False),
    "product add": Command("sales:product_add", "Add a product or service to the list.", _CYCLE),
    "product list": Command("sales:product_list", "List the products and services.", _CYCLE, False),
    "product edit": Command("sales:product_edit", "Change a product.", _CYCLE),
    "product rm": Command("sales:product_rm", "Take products off the list.", _CYCLE),
    "link": Command("links:link", "Link a member to its organization.", _CYCLE),
    "unlink": Command("links:unlink", "Take a link away.", _CYCLE),
    "criteria list": Command("qualification:criteria_list", "List the criteria.", _CYCLE, False, _LEADS),
    "criteria add": Command("qualification:criteria_add", "Add a criterion.", _CYCLE, True, _LEADS),
    "criteria edit": Command("qualification:criteria_edit", "Change a criterion.", _CYCLE, True, _LEADS),
    "criteria rm": Command("qualification:criteria_rm", "Take a criterion away.", _CYCLE, True, _LEADS),
    "campaign add": Command("campaigns:campaign_add", "Add a campaign, with its members.", _MARKETING),
    "campaign edit": Command("campaigns:campaign_edit", "Change a campaign.", _MARKETING),
    "campaign join": Command("campaigns:campaign_join", "Put entities into a campaign.", _MARKETING),
    "campaign leave": Command("campaigns:campaign_leave", "Take entities out of a campaign.", _MARKETING),
    "campaign list": Command("campaigns:campaign_list", "List campaigns, and what became of them.", _MARKETING, False),
    "campaign show": Command("campaigns:campaign_show", "Show a campaign's members.", _MARKETING, False),
    "campaign export": Command("campaigns:campaign_export", "Export recipients for the mail tool.", _MARKETING, False),
    "campaign sent": Command("campaigns:campaign_sent", "Log that a campaign went out.", _MARKETING),
    "campaign reply": Command("campaigns:campaign_reply", "Log an answer to a campaign.", _MARKETING),
    "campaign rm": Command("campaigns:campaign_rm", "Hide campaigns.", _MARKETING),
    "privacy consent": Command("consent:consent", "Record a consent or its withdrawal, or show them.", _MARKETING),
    "privacy consents": Command("consent:consents_", "List who consents to what.", _MARKETING, False),
    "list": Command("finding:list_", "List entities that a filter lets through.", _LOOK, False),
    "find": Command("finding:find", "Find entities by words.", _LOOK, False),
    "segment save": Command("segments:segment_save", "Keep a filter under a name.", _LOOK),
    "segment list": Command("segments:segment_list", "List the segments, with how many each has.", _LOOK, False),
    "segment show": Command("segments:segment_show", "Show a segment, and what uses it.", _LOOK, False),
    "segment rm": Command("segments:segment_rm", "Take a segment away.", _LOOK),
    "timeline": Command("timeline:timeline", "Show everything about somebody in order.", _LOOK, False),
    "duplicates": Command("duplicates:duplicates", "List who may be the same, or merge them.", _LOOK),
    "mailquery": Command("finding:mailquery", "Look up emails for mutt, neomutt and aerc.", _LOOK, False),
    "report": Command("reports:report", "Make a report, or list them.", _LOOK, False),
    "report list": Command("reports:report_list", "List the reports.", _LOOK, False),
    **{f"report {name}": Command(f"reports:{name}", summary, _LOOK, False) for name, summary in REPORTS.items()},
    "history": Command("history:history", "What was done, by whom and when.", _HISTORY, False),
    "blame": Command("history:blame", "Which operation set each value.", _HISTORY, False),
    "undo": Command("history:undo", "Reverse the latest operation, or a named one.", _HISTORY),
    "redo": Command("history:redo", "Put back what was undone last.", _HISTORY),
    "backup": Command("backup:backup", "Copy the database, verified, while others write.", _SAFE),
    "backup list": Command("backup:backup_list", "List the backups.", _SAFE, False),
    "backup check": Command("backup:backup_check", "Check backups through and through.", _SAFE, False),
    "backup restore": Command("backup:backup_restore", "Put a backup in the place of what is there.", _SAFE),
    "encrypt": Command("encryption:encrypt", "Encrypt the database, and all that is written beside it.", _SAFE),
    "decrypt": Command("encryption:decrypt", "Put an encrypted database in plain again.", _SAFE),
    "doctor": Command("doctor:doctor", "Look whether the database is sound, and mend what can be.", _SAFE),
    "privacy export": Command("privacy:privacy_export", "Give out all that is held on somebody.", _SAFE, False),
    "privacy erase": Command("privacy:privacy_erase", "Erase people for good, backups included.", _SAFE),
    "privacy retention": Command("privacy:privacy_retention", "Report who is kept too long, or erase them.", _SAFE),
    "privacy retention add": Command("privacy:privacy_retention_add", "Add a rule of retention.", _SAFE),
    "privacy retention list": Command("privacy:privacy_retention_list", "List the rules of retention.", _SAFE, False),
    "privacy retention rm": Command("privacy:privacy_retention_rm", "Take a rule of retention away.", _SAFE),
    "privacy log": Command("privacy:privacy_log", "List erasures, exports, and consents.", _SAFE, False),
    "import": Command("importing:import_", "Import people and organizations from a file.", _SETUP),
    "export": Command("exporting:export", "Export entities to a file or a pipe.", _SETUP, False),
    "field list": Command("settings:field_list", "List the custom fields.", _SETUP, False),
    "field add": Command("settings:field_add", "Declare a custom field.", _SETUP),
    "field rm": Command("settings:field_rm", "Remove a custom field.", _SETUP),
    "config show": Command("settings:config_show", "Show settings and where they come from.", _SETUP, False),
    "config set": Command("settings:config_set", "Change a setting.", _SETUP),
    "config types": Command("settings:config_types", "Show or choose which types are in use.", _SETUP),
    "config path": Command("settings:config_path", "Show where the files are.", _SETUP, False),
    "demo": Command("demo:demo", "Watch the whole life cycle on examples.", _SETUP, False),
}

#: What a first word that is no command of its own is about.
GROUPS = {
    "criteria": "The criteria by which leads are qualified.",
    "field": "Custom fields.",
    "config": "Settings, and the types in use.",
    "segment": "Segments: filters under a name.",
    "task": "Tasks.",
    "campaign": "Campaigns: whom they reached, and what became of it.",
    "privacy": "What is held on people: give it out, erase it, and say so; and what they consent to.",
    "ticket": "Tickets: what customers ask of us.",
    "product": "The list of products and services.",
}
