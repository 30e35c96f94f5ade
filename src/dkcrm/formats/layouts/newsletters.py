"""Newsletter services: Mailchimp and Brevo (Sendinblue)."""

from __future__ import annotations

from dkcrm.formats.layouts.layout import Layout

_MAILCHIMP = """
LEID = external_id +id
EUID = ? +id
Email Address | Email | Indirizzo e-mail | Indirizzo email = email
First Name | FNAME | Nome = first_name
Last Name | LNAME | Cognome = last_name
Address | Indirizzo = address
Phone Number | Phone | Numero di telefono = phone
Birthday | Compleanno = field:birthday
Company | COMPANY | Azienda = organization
TAGS | Tag = tag
NOTES = note
CONFIRM_TIME = created_at
OPTIN_TIME = created_at
MEMBER_RATING | OPTIN_IP | CONFIRM_IP | LATITUDE | LONGITUDE | GMTOFF | DSTOFF | TIMEZONE | CC | REGION = ?
LAST_CHANGED | EMAIL_TYPE | UNSUB_TIME | UNSUB_CAMPAIGN_TITLE | UNSUB_CAMPAIGN_ID | UNSUB_REASON = ?
UNSUB_REASON_OTHER | CLEAN_TIME | CLEAN_CAMPAIGN_TITLE | CLEAN_CAMPAIGN_ID = ?
"""

_BREVO = """
CONTACT ID | CONTACT_ID = external_id +id
EXT_ID = ? +id
EMAIL = email
FIRSTNAME | PRENOM | NOME = first_name
LASTNAME | COGNOME | NOM = last_name
SMS = phone mobile
WHATSAPP = phone whatsapp
LANDLINE_NUMBER = phone
JOB_TITLE = job_title
COMPANY | COMPANY_NAME | AZIENDA = organization
LINKEDIN = link linkedin
ADDED_TIME = created_at
EMAIL_BLACKLISTED | SMS_BLACKLISTED | WHATSAPP_BLACKLISTED | MODIFIED_TIME | OPT_IN | DOUBLE_OPT-IN = ?
CONTACT_TIMEZONE = ?
"""

LAYOUTS = [
    Layout(
        "mailchimp",
        "mailchimp",
        """
        Email Address | MEMBER_RATING
        Email Address | LEID | EUID
        Email | LEID | EUID
        Email Address | OPTIN_TIME | CONFIRM_TIME
        Indirizzo e-mail | MEMBER_RATING
        Email Address | FNAME | LNAME
        """,
        _MAILCHIMP,
    ),
    Layout(
        "brevo",
        "brevo",
        """
        EMAIL | SMS | CONTACT ID
        EMAIL | SMS | WHATSAPP
        EMAIL | EMAIL_BLACKLISTED
        EMAIL | ADDED_TIME | MODIFIED_TIME
        """,
        _BREVO,
    ),
]
