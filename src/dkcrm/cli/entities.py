"""add, set, edit, tag, untag, note, rm, restore."""

from typing import Annotated

import typer

from dkcrm.cli import options, shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import entities
from dkcrm.services.attributes import Attributes

Type = Annotated[str, typer.Argument(metavar="TYPE", help=_("One of: {types}."))]


def add(
    context: typer.Context,
    type: Type,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help=_("The person's name, or the organization's."))
    ] = None,
    first: options.First = None,
    last: options.Last = None,
    title: options.Title = None,
    org: options.Org = None,
    vat: options.Vat = None,
    tax_code: options.TaxCode = None,
    website: options.Website = None,
    source: options.Source = None,
    email: options.Emails = None,
    phone: options.Phones = None,
    address: options.Addresses = None,
    link: options.Links = None,
    tag: options.Tags = None,
    note: options.Notes = None,
    field: options.Fields = None,
    state: options.State = None,
    force: Annotated[bool, typer.Option("--force", help=_("Do not look for who is the same."))] = False,
) -> Result:
    """Add a person or organization of a type: {types}.

    NAME is a person's name, and of an organization its own. A suspect or lead may have a person, an organization
    (--org), or both.

    \b
    Examples:
      dkcrm add lead "Anna Bianchi" --org "Bianchi S.r.l." --email work:anna@bianchi.it
      dkcrm add suspect --org "Rossi S.p.A." --website https://rossi.it --source fair
      dkcrm add organization "Verdi S.n.c." --vat 01234567890 --phone "02 1234567"
      dkcrm add person --first Luca --last "Lo Presti" --tag vip --json
    """
    said = Attributes(
        name,
        first,
        last,
        title,
        org,
        vat,
        tax_code,
        website,
        source,
        email or [],
        phone or [],
        address or [],
        link or [],
        options.split_commas(tag),
        note or [],
        field or [],
    )
    return entities.add(session(context), type, said, state=state, force=force)


def set_(
    context: typer.Context,
    refs: shared.References,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=_("The name, whole."))] = None,
    first: options.First = None,
    last: options.Last = None,
    title: options.Title = None,
    org: options.Org = None,
    vat: options.Vat = None,
    tax_code: options.TaxCode = None,
    website: options.Website = None,
    source: options.Source = None,
    email: options.Emails = None,
    phone: options.Phones = None,
    address: options.Addresses = None,
    link: options.Links = None,
    tag: options.Tags = None,
    note: options.Notes = None,
    field: options.Fields = None,
    state: options.State = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="VALUE", help=_("Take an email, phone, link or address away (repeatable).")),
    ] = None,
) -> Result:
    """Change attributes of entities.

    Single values are replaced (a blank one is taken away), repeatable ones are added; --note replaces the notes,
    which `dkcrm note` adds to.

    \b
    Examples:
      dkcrm set 42 --title "Head of Sales" --phone mobile:3331234567
      dkcrm set anna@bianchi.it --field budget=5000
      dkcrm set 42 --remove old@bianchi.it --source ""
      dkcrm list tag:fair | cut -f1 | dkcrm set - --state inactive
    """
    found, single = references(refs)
    said = Attributes(
        name,
        first,
        last,
        title,
        org,
        vat,
        tax_code,
        website,
        source,
        email or [],
        phone or [],
        address or [],
        link or [],
        options.split_commas(tag),
        note or [],
        field or [],
    )
    return entities.set_(session(context), found, said, single=single, state=state, remove=remove or [])


def edit(context: typer.Context, ref: shared.Reference) -> Result:
    """Change an entity in $VISUAL or $EDITOR, as TOML.

    What cannot be taken is said, nothing is written, and your text is kept in a file.

    \b
    Examples:
      dkcrm edit 42
      EDITOR="sed -i s/Bianchi/Verdi/" dkcrm edit 42
    """
    from dkcrm.cli.editor import edit_text
    from dkcrm.services.editing import apply

    own = session(context)
    entity, text = entities.editable(own, ref)
    return edit_text(text, lambda edited: apply(own, entity, edited))


def tag(
    context: typer.Context,
    ref: shared.ManyReference,
    tags: Annotated[list[str], typer.Argument(metavar="TAG...", help=_("Tags."))],
) -> Result:
    """Put tags on an entity, or with - on many.

    \b
    Examples:
      dkcrm tag 42 vip fair-2026
      dkcrm list lead city:Milano | cut -f1 | dkcrm tag - milano
    """
    found, single = references([ref])
    return entities.tag(session(context), found, tags, single=single)


def untag(
    context: typer.Context,
    ref: shared.ManyReference,
    tags: Annotated[list[str], typer.Argument(metavar="TAG...", help=_("Tags."))],
) -> Result:
    """Take tags off an entity, or with - off many.

    \b
    Examples:
      dkcrm untag 42 vip
    """
    found, single = references([ref])
    return entities.tag(session(context), found, tags, single=single, take=True)


def note(
    context: typer.Context,
    ref: shared.ManyReference,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("The note."))],
) -> Result:
    """Add a note below the ones that are there.

    \b
    Examples:
      dkcrm note 42 "Prefers to be called after lunch."
    """
    found, single = references([ref])
    return entities.note(session(context), found, text, single=single)


def rm(context: typer.Context, refs: shared.References) -> Result:
    """Hide entities: they leave lists and searches, and keep everything. `dkcrm restore` brings them back.

    \b
    Examples:
      dkcrm rm 42 43
      dkcrm list state:lost | cut -f1 | dkcrm rm -
    """
    found, single = references(refs)
    return entities.remove(session(context), found, single=single)


def restore(
    context: typer.Context,
    refs: shared.References,
    identity: options.Identity = None,
    passphrase_fd: options.PassphraseFd = None,
) -> Result:
    """Bring removed entities back; or, where the path of a backup is named, that in the place of what is there.

    --identity and --passphrase-fd are for a backup that is encrypted.

    \b
    Examples:
      dkcrm list --all | grep removed
      dkcrm restore 42
      dkcrm restore backups/dkcrm-20261122T030000Z.db
      dkcrm restore backups/dkcrm-20261122T030000Z.db.age --identity key.txt
    """
    if len(refs) == 1 and _is_path(refs[0]):
        from dkcrm.cli.backup import backup_restore

        return backup_restore(context, refs[0], identity, passphrase_fd)
    if identity is not None or passphrase_fd is not None:
        raise InvalidInput(
            _("--identity and --passphrase-fd are for the file of a backup"), hint=_("see: dkcrm backup restore --help")
        )
    found, single = references(refs)
    return entities.restore(session(context), found, single=single)


def _is_path(word: str) -> bool:
    """Tell whether a word is the path of a file, and not a number, an email or a name that an entity may have."""
    import os

    of_a_backup = word.endswith((".db", ".sqlite", ".age"))
    return (os.path.isfile(word) and (os.sep in word or of_a_backup)) or (os.sep in word and of_a_backup)
