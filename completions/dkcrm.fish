# fish completion for dkcrm: put it in ~/.config/fish/completions/dkcrm.fish
function __dkcrm_types
  dkcrm config types --format json 2>/dev/null | string match -r '"types":.*' | string match -ra '[a-z]+' |
    string match -v types
end
function __dkcrm_segments
  dkcrm segment list --format json 2>/dev/null | LC_ALL=C grep -o '"name":"[A-Za-z0-9._-]*"' | cut -d'"' -f4
end
complete -c dkcrm -n __fish_use_subcommand -l version -d 'Print the version'
complete -c dkcrm -f -n __fish_use_subcommand -a add -d 'Add a person or organization.'
complete -c dkcrm -f -n __fish_use_subcommand -a show -d 'Show entities, today or as they were.'
complete -c dkcrm -f -n __fish_use_subcommand -a set -d 'Change attributes.'
complete -c dkcrm -f -n __fish_use_subcommand -a edit -d 'Change an entity in your editor.'
complete -c dkcrm -f -n __fish_use_subcommand -a tag -d 'Put tags on entities.'
complete -c dkcrm -f -n __fish_use_subcommand -a untag -d 'Take tags off entities.'
complete -c dkcrm -f -n __fish_use_subcommand -a note -d 'Add a note.'
complete -c dkcrm -f -n __fish_use_subcommand -a rm -d 'Hide entities (restore brings them back).'
complete -c dkcrm -f -n __fish_use_subcommand -a restore -d 'Bring removed entities back, or a whole backup.'
complete -c dkcrm -f -n __fish_use_subcommand -a merge -d 'Make one of entities that are the same.'
complete -c dkcrm -f -n __fish_use_subcommand -a distinct -d 'Remember that entities are not the same.'
complete -c dkcrm -f -n __fish_use_subcommand -a log -d 'Log a contact with an entity, in or out.'
complete -c dkcrm -f -n __fish_use_subcommand -a task -d 'Tasks.'
complete -c dkcrm -f -n __fish_use_subcommand -a ticket -d 'Tickets: what customers ask of us.'
complete -c dkcrm -f -n __fish_use_subcommand -a agenda -d 'What is overdue, due and coming, and whom to contact.'
complete -c dkcrm -f -n __fish_use_subcommand -a remind -d 'Give the reminders that are due, once each.'
complete -c dkcrm -f -n __fish_use_subcommand -a keep -d 'Say how often somebody is to be contacted.'
complete -c dkcrm -f -n __fish_use_subcommand -a promote -d 'Make leads of suspects that contacted us.'
complete -c dkcrm -f -n __fish_use_subcommand -a assess -d 'Answer criteria for a lead.'
complete -c dkcrm -f -n __fish_use_subcommand -a qualify -d 'Turn leads into prospects and targets.'
complete -c dkcrm -f -n __fish_use_subcommand -a disqualify -d 'Put a lead aside, and say why.'
complete -c dkcrm -f -n __fish_use_subcommand -a lose -d 'Mark a prospect or target as lost.'
complete -c dkcrm -f -n __fish_use_subcommand -a reopen -d 'Make an entity active again.'
complete -c dkcrm -f -n __fish_use_subcommand -a purchase -d 'Record a purchase: the buyer becomes a customer.'
complete -c dkcrm -f -n __fish_use_subcommand -a product -d 'The list of products and services.'
complete -c dkcrm -f -n __fish_use_subcommand -a link -d 'Link a member to its organization.'
complete -c dkcrm -f -n __fish_use_subcommand -a unlink -d 'Take a link away.'
complete -c dkcrm -f -n __fish_use_subcommand -a criteria -d 'The criteria by which leads are qualified.'
complete -c dkcrm -f -n __fish_use_subcommand -a campaign -d 'Campaigns: whom they reached, and what became of it.'
complete -c dkcrm -f -n __fish_use_subcommand -a privacy -d 'What is held on people: give it out, erase it, and say so; and what they consent to.'
complete -c dkcrm -f -n __fish_use_subcommand -a list -d 'List entities that a filter lets through.'
complete -c dkcrm -f -n __fish_use_subcommand -a find -d 'Find entities by words.'
complete -c dkcrm -f -n __fish_use_subcommand -a segment -d 'Segments: filters under a name.'
complete -c dkcrm -f -n __fish_use_subcommand -a timeline -d 'Show everything about somebody in order.'
complete -c dkcrm -f -n __fish_use_subcommand -a duplicates -d 'List who may be the same, or merge them.'
complete -c dkcrm -f -n __fish_use_subcommand -a mailquery -d 'Look up emails for mutt, neomutt and aerc.'
complete -c dkcrm -f -n __fish_use_subcommand -a report -d 'Make a report, or list them.'
complete -c dkcrm -f -n __fish_use_subcommand -a history -d 'What was done, by whom and when.'
complete -c dkcrm -f -n __fish_use_subcommand -a blame -d 'Which operation set each value.'
complete -c dkcrm -f -n __fish_use_subcommand -a undo -d 'Reverse the latest operation, or a named one.'
complete -c dkcrm -f -n __fish_use_subcommand -a redo -d 'Put back what was undone last.'
complete -c dkcrm -f -n __fish_use_subcommand -a backup -d 'Copy the database, verified, while others write.'
complete -c dkcrm -f -n __fish_use_subcommand -a encrypt -d 'Encrypt the database, and all that is written beside it.'
complete -c dkcrm -f -n __fish_use_subcommand -a decrypt -d 'Put an encrypted database in plain again.'
complete -c dkcrm -f -n __fish_use_subcommand -a doctor -d 'Look whether the database is sound, and mend what can be.'
complete -c dkcrm -f -n __fish_use_subcommand -a import -d 'Import people and organizations from a file.'
complete -c dkcrm -f -n __fish_use_subcommand -a export -d 'Export entities to a file or a pipe.'
complete -c dkcrm -f -n __fish_use_subcommand -a field -d 'Custom fields.'
complete -c dkcrm -f -n __fish_use_subcommand -a config -d 'Settings, and the types in use.'
complete -c dkcrm -f -n __fish_use_subcommand -a demo -d 'Watch the whole life cycle on examples.'
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l address
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l email
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l field
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l first
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l force
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l last
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l link
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l org
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l phone
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l source
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l state
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l tag
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l tax-code
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l title
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l vat
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l website
complete -c dkcrm -n '__fish_seen_subcommand_from add' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l as-of
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from show' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l address
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l email
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l field
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l first
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l last
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l link
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l name
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l org
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l phone
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l remove
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l source
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l state
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l tag
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l tax-code
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l title
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l vat
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l website
complete -c dkcrm -n '__fish_seen_subcommand_from set' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from edit' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from tag' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from untag' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from note' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l identity
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l passphrase-fd
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from restore' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l into
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l prefer
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from merge' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l forget
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from distinct' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l at
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l in
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l out
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l subject
complete -c dkcrm -n '__fish_seen_subcommand_from log' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a add -d 'Add a task, with a date and reminders.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l due
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l every
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l for
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l priority
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l remind
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from add' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a list -d 'List tasks.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l done
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l due
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l of
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l overdue
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l priority
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a show -d 'Show tasks.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from show' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a done -d 'Mark tasks as done; one that comes back gives the next.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from done' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a snooze -d 'Put a task off.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from snooze' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a edit -d 'Change a task.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l due
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l every
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l for
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l not-for
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l priority
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l remind
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l reopen
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l text
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from edit' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a rm -d 'Take tasks away.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from task' -a export -d 'Export tasks to a calendar.'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l events
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l of
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l output
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from task; and __fish_seen_subcommand_from export' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a open -d 'Open a ticket for a request of somebody.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l at
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l channel
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l due
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l in
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l out
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l priority
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l text
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from open' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a reply -d 'Log an answer to a ticket, ours or theirs.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l at
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l channel
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l in
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l out
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reply' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a note -d 'Write an internal note on a ticket.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from note' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a wait -d 'Let tickets wait for the customer.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from wait' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a close -d 'Close tickets.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from close' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a reopen -d 'Open tickets again.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from reopen' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a edit -d 'Change a ticket.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l due
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l priority
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l subject
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from edit' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a list -d 'List tickets.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l of
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l overdue
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l priority
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l state
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from ticket' -a show -d 'Show tickets, with all that was said.'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from ticket; and __fish_seen_subcommand_from show' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from agenda' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l exec
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from remind' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from keep' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from keep' -a list -d 'List who is to be kept in touch with.'
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from keep; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from promote' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l no
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l unknown
complete -c dkcrm -n '__fish_seen_subcommand_from assess' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l check
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l override
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l prospect
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l target
complete -c dkcrm -n '__fish_seen_subcommand_from qualify' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from disqualify' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from lose' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from reopen' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l also
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l amount
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l currency
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l on
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l prospect
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l quantity
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l service
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l target
complete -c dkcrm -n '__fish_seen_subcommand_from purchase' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from purchase' -a void -d 'Void a purchase.'
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from void' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from purchase' -a list -d 'List purchases, with their totals.'
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from purchase; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from product' -a add -d 'Add a product or service to the list.'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l amount
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l currency
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l service
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from add' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from product' -a list -d 'List the products and services.'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from product' -a edit -d 'Change a product.'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l amount
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l currency
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l name
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l service
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from edit' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from product' -a rm -d 'Take products off the list.'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from product; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l mixed
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l primary
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l role
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from link' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from unlink' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from criteria' -a list -d 'List the criteria.'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from criteria' -a add -d 'Add a criterion.'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l question
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l rule
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l side
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from add' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from criteria' -a edit -d 'Change a criterion.'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l name
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l question
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l rule
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l side
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from edit' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from criteria' -a rm -d 'Take a criterion away.'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l side
complete -c dkcrm -n '__fish_seen_subcommand_from criteria; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a add -d 'Add a campaign, with its members.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l basis
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l channel
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l cost
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l currency
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l filter
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l purpose
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l segment
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from add' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a edit -d 'Change a campaign.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l basis
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l channel
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l cost
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l currency
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l name
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l note
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l purpose
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from edit' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a join -d 'Put entities into a campaign.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l filter
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l segment
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from join' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a leave -d 'Take entities out of a campaign.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l filter
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l segment
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from leave' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a list -d 'List campaigns, and what became of them.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a show -d 'Show a campaigns members.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from show' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a export -d 'Export recipients for the mail tool.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l columns
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l for-spreadsheet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l new
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l output
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from export' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a sent -d 'Log that a campaign went out.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l again
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l at
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l subject
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l text
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from sent' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a reply -d 'Log an answer to a campaign.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l at
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l campaign
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l channel
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l subject
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l text
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from reply' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from campaign' -a rm -d 'Hide campaigns.'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from campaign; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy' -a consent -d 'Record a consent or its withdrawal, or show them.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l at
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l proof
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consent' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy' -a consents -d 'List who consents to what.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l purpose
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l state
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from consents' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l columns
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l page
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l sort
complete -c dkcrm -n '__fish_seen_subcommand_from list' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l columns
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l filter
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l page
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from find' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from segment' -a save -d 'Keep a filter under a name.'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from save' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from segment' -a list -d 'List the segments, with how many each has.'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from segment' -a show -d 'Show a segment, and what uses it.'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from show' -a '(__dkcrm_segments)'
complete -c dkcrm -f -n '__fish_seen_subcommand_from segment' -a rm -d 'Take a segment away.'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from segment; and __fish_seen_subcommand_from rm' -a '(__dkcrm_segments)'
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l edits
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l kind
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l reverse
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from timeline' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l auto
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l min
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l review
complete -c dkcrm -n '__fish_seen_subcommand_from duplicates' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l no-header
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from mailquery' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a list -d 'List the reports.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a funnel -d 'How many entered each type, moved on, and how fast.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from funnel' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a pipeline -d 'Who stands where, for how long, what is stuck, and the next task.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from pipeline' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a sources -d 'What became of those whom each source brought, and what they bought.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sources' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a campaigns -d 'Whom each campaign reached, who answered, and what came of it.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from campaigns' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a activity -d 'Contacts in and out, people touched and tasks done, over time.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from activity' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a sales -d 'What was bought: revenue by month, customer, product, source …'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from sales' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a service -d 'Tickets opened and closed, and how long answers took.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from service' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a hygiene -d 'What is missing or forgotten in the records, and how to mend it.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from hygiene' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from report' -a growth -d 'New entities by month and type, customers won and lost.'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l by
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l html
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l since
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l until
complete -c dkcrm -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from growth' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l operation
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from history' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from blame' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from undo' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from redo' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l encrypt
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l keep
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l passphrase-fd
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l recipient
complete -c dkcrm -n '__fish_seen_subcommand_from backup' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from backup' -a list -d 'List the backups.'
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from backup' -a check -d 'Check backups through and through.'
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l identity
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l passphrase-fd
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from check' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from backup' -a restore -d 'Put a backup in the place of what is there.'
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l identity
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l passphrase-fd
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from backup; and __fish_seen_subcommand_from restore' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l backups
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l keep
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l key-fd
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l keyring
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from encrypt' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l keep
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l key-fd
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from decrypt' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l fix
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from doctor' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy' -a export -d 'Give out all that is held on somebody.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l output
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from export' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy' -a erase -d 'Erase people for good, backups included.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l reason
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from erase' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy' -a retention -d 'Report who is kept too long, or erase them.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l erase
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -a add -d 'Add a rule of retention.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from add' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -a list -d 'List the rules of retention.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention' -a rm -d 'Take a rule of retention away.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from retention; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from privacy' -a log -d 'List erasures, exports, and consents.'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l limit
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from privacy; and __fish_seen_subcommand_from log' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l as
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l date-order
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l delimiter
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l encoding
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l map
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l on-likeness -x -a 'report reject create'
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l on-match -x -a 'skip fill update ask'
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l rejects
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l rules
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l save-rules
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l sheet
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l source
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l strict
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l tag
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l type
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l unmapped -x -a 'field note drop'
complete -c dkcrm -n '__fish_seen_subcommand_from import' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l all
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l for-spreadsheet
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l format -x -a 'csv tsv json jsonl vcard vcard4 xlsx ldif'
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l output
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from export' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from field' -a list -d 'List the custom fields.'
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from list' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from field' -a add -d 'Declare a custom field.'
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l choice
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l kind
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l side
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l type
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from add' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from field' -a rm -d 'Remove a custom field.'
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from field; and __fish_seen_subcommand_from rm' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from config' -a show -d 'Show settings and where they come from.'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from config' -a set -d 'Change a setting.'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from set' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from config' -a types -d 'Show or choose which types are in use.'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l dry-run
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from types' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from config' -a path -d 'Show where the files are.'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from path' -l yes
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l db
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l format -x -a 'table tsv csv json jsonl'
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l help
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l json
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l keep
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l no-input
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l quiet
complete -c dkcrm -n '__fish_seen_subcommand_from demo' -l yes
complete -c dkcrm -f -n '__fish_seen_subcommand_from add' -a '(__dkcrm_types)'
complete -c dkcrm -f -n '__fish_seen_subcommand_from duplicates' -a '(__dkcrm_types)'
complete -c dkcrm -f -n '__fish_seen_subcommand_from export' -a '(__dkcrm_types)'
complete -c dkcrm -f -n '__fish_seen_subcommand_from list' -a '(__dkcrm_types)'
complete -c dkcrm -f -n 'string match -q "@*" -- (commandline -ct)' -a '@(__dkcrm_segments)'
