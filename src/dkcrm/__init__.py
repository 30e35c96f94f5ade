"""dkcrm: a CRM in one SQLite file, for people who live in a terminal."""

__version__ = "0.1.0"
