# bash completion for dkcrm: put it in ~/.local/share/bash-completion/completions/dkcrm
_dkcrm_types() { dkcrm config types --format json 2>/dev/null | grep -o '"types":.*' | grep -o '[a-z]*' |
  grep -v types; }
_dkcrm_segments() { dkcrm segment list --format json 2>/dev/null | LC_ALL=C grep -o '"name":"[A-Za-z0-9._-]*"' | cut -d'"' -f4; }
_dkcrm() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]-} name=${COMP_WORDS[1]-} words=
  case "$name ${COMP_WORDS[2]-}" in
    "task add") name="task add" ;;
    "task list") name="task list" ;;
    "task show") name="task show" ;;
    "task done") name="task done" ;;
    "task snooze") name="task snooze" ;;
    "task edit") name="task edit" ;;
    "task rm") name="task rm" ;;
    "task export") name="task export" ;;
    "ticket open") name="ticket open" ;;
    "ticket reply") name="ticket reply" ;;
    "ticket note") name="ticket note" ;;
    "ticket wait") name="ticket wait" ;;
    "ticket close") name="ticket close" ;;
    "ticket reopen") name="ticket reopen" ;;
    "ticket edit") name="ticket edit" ;;
    "ticket list") name="ticket list" ;;
    "ticket show") name="ticket show" ;;
    "keep list") name="keep list" ;;
    "purchase void") name="purchase void" ;;
    "purchase list") name="purchase list" ;;
    "product add") name="product add" ;;
    "product list") name="product list" ;;
    "product edit") name="product edit" ;;
    "product rm") name="product rm" ;;
    "criteria list") name="criteria list" ;;
    "criteria add") name="criteria add" ;;
    "criteria edit") name="criteria edit" ;;
    "criteria rm") name="criteria rm" ;;
    "campaign add") name="campaign add" ;;
    "campaign edit") name="campaign edit" ;;
    "campaign join") name="campaign join" ;;
    "campaign leave") name="campaign leave" ;;
    "campaign list") name="campaign list" ;;
    "campaign show") name="campaign show" ;;
    "campaign export") name="campaign export" ;;
    "campaign sent") name="campaign sent" ;;
    "campaign reply") name="campaign reply" ;;
    "campaign rm") name="campaign rm" ;;
    "privacy consent") name="privacy consent" ;;
    "privacy consents") name="privacy consents" ;;
    "segment save") name="segment save" ;;
    "segment list") name="segment list" ;;
    "segment show") name="segment show" ;;
    "segment rm") name="segment rm" ;;
    "report list") name="report list" ;;
    "report funnel") name="report funnel" ;;
    "report pipeline") name="report pipeline" ;;
    "report sources") name="report sources" ;;
    "report campaigns") name="report campaigns" ;;
    "report activity") name="report activity" ;;
    "report sales") name="report sales" ;;
    "report service") name="report service" ;;
    "report hygiene") name="report hygiene" ;;
    "report growth") name="report growth" ;;
    "backup list") name="backup list" ;;
    "backup check") name="backup check" ;;
    "backup restore") name="backup restore" ;;
    "privacy export") name="privacy export" ;;
    "privacy erase") name="privacy erase" ;;
    "privacy retention") name="privacy retention" ;;
    "privacy log") name="privacy log" ;;
    "field list") name="field list" ;;
    "field add") name="field add" ;;
    "field rm") name="field rm" ;;
    "config show") name="config show" ;;
    "config set") name="config set" ;;
    "config types") name="config types" ;;
    "config path") name="config path" ;;
  esac
  case "$name ${COMP_WORDS[3]-}" in
    "privacy retention add") name="privacy retention add" ;;
    "privacy retention list") name="privacy retention list" ;;
    "privacy retention rm") name="privacy retention rm" ;;
  esac
  [[ $previous == @ ]] && current=@$current
  if [[ $current == @* ]]; then
    words=$(_dkcrm_segments | sed 's/^/@/')
  elif ((COMP_CWORD == 3)) && [[ $name =~ ^segment\ (show|rm)$ && $current != -* ]]; then
    words=$(_dkcrm_segments)
  elif [[ $name == 'import' && $previous == --on-match ]]; then
    words='skip fill update ask'
  elif [[ $name == 'import' && $previous == --on-likeness ]]; then
    words='report reject create'
  elif [[ $name == 'import' && $previous == --unmapped ]]; then
    words='field note drop'
  elif [[ $name == 'export' && $previous == --format ]]; then
    words='csv tsv json jsonl vcard vcard4 xlsx ldif'
  elif ((COMP_CWORD == 1)); then
    words='add show set edit tag untag note rm restore merge distinct log task ticket agenda remind keep promote assess qualify disqualify lose reopen purchase product link unlink criteria campaign privacy list find segment timeline duplicates mailquery report history blame undo redo backup encrypt decrypt doctor import export field config demo --help --version'
  elif ((COMP_CWORD == 2)) && [[ $name == "task" && $current != -* ]]; then
    words='add list show done snooze edit rm export'
  elif ((COMP_CWORD == 2)) && [[ $name == "ticket" && $current != -* ]]; then
    words='open reply note wait close reopen edit list show'
  elif ((COMP_CWORD == 2)) && [[ $name == "keep" && $current != -* ]]; then
    words='list'
  elif ((COMP_CWORD == 2)) && [[ $name == "purchase" && $current != -* ]]; then
    words='void list'
  elif ((COMP_CWORD == 2)) && [[ $name == "product" && $current != -* ]]; then
    words='add list edit rm'
  elif ((COMP_CWORD == 2)) && [[ $name == "criteria" && $current != -* ]]; then
    words='list add edit rm'
  elif ((COMP_CWORD == 2)) && [[ $name == "campaign" && $current != -* ]]; then
    words='add edit join leave list show export sent reply rm'
  elif ((COMP_CWORD == 2)) && [[ $name == "privacy" && $current != -* ]]; then
    words='consent consents export erase retention log'
  elif ((COMP_CWORD == 2)) && [[ $name == "segment" && $current != -* ]]; then
    words='save list show rm'
  elif ((COMP_CWORD == 2)) && [[ $name == "report" && $current != -* ]]; then
    words='list funnel pipeline sources campaigns activity sales service hygiene growth'
  elif ((COMP_CWORD == 2)) && [[ $name == "backup" && $current != -* ]]; then
    words='list check restore'
  elif ((COMP_CWORD == 2)) && [[ $name == "field" && $current != -* ]]; then
    words='list add rm'
  elif ((COMP_CWORD == 2)) && [[ $name == "config" && $current != -* ]]; then
    words='show set types path'
  elif ((COMP_CWORD == 3)) && [[ $name == "privacy retention" && $current != -* ]]; then
    words='add list rm'
  elif ((COMP_CWORD == 2)) && [[ $name =~ ^(add|duplicates|export|list)$ && $current != -* ]]; then
    words=$(_dkcrm_types)
  elif [[ $previous =~ ^(--type|-t)$ ]]; then
    words=$(_dkcrm_types)
  elif [[ $previous == --format ]]; then
    words='table tsv csv json jsonl'
  elif [[ $current == -* ]]; then
    case $name in
      'add') words='--address --db --dry-run --email --field --first --force --format --help --json --last --link --no-input --note --org --phone --quiet --source --state --tag --tax-code --title --vat --website --yes' ;;
      'show') words='--as-of --db --format --help --json --no-input --quiet --yes' ;;
      'set') words='--address --db --dry-run --email --field --first --format --help --json --last --link --name --no-input --note --org --phone --quiet --remove --source --state --tag --tax-code --title --vat --website --yes' ;;
      'edit') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'tag') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'untag') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'note') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'restore') words='--db --dry-run --format --help --identity --json --no-input --passphrase-fd --quiet --yes' ;;
      'merge') words='--db --dry-run --format --help --into --json --no-input --prefer --quiet --yes' ;;
      'distinct') words='--db --dry-run --forget --format --help --json --no-input --quiet --yes' ;;
      'log') words='--at --db --dry-run --format --help --in --json --no-input --out --quiet --subject --yes' ;;
      'task add') words='--db --dry-run --due --every --for --format --help --json --no-input --priority --quiet --remind --yes' ;;
      'task list') words='--all --db --done --due --format --help --json --limit --no-input --of --overdue --priority --quiet --yes' ;;
      'task show') words='--db --format --help --json --no-input --quiet --yes' ;;
      'task done') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'task snooze') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'task edit') words='--db --dry-run --due --every --for --format --help --json --no-input --not-for --priority --quiet --remind --reopen --text --yes' ;;
      'task rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'task export') words='--all --db --events --format --help --json --no-input --of --output --quiet --yes' ;;
      'ticket open') words='--at --channel --db --dry-run --due --format --help --in --json --no-input --out --priority --quiet --text --yes' ;;
      'ticket reply') words='--at --channel --db --dry-run --format --help --in --json --no-input --out --quiet --yes' ;;
      'ticket note') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'ticket wait') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'ticket close') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'ticket reopen') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'ticket edit') words='--db --dry-run --due --format --help --json --no-input --priority --quiet --subject --yes' ;;
      'ticket list') words='--all --db --format --help --json --limit --no-input --of --overdue --priority --quiet --state --yes' ;;
      'ticket show') words='--db --format --help --json --no-input --quiet --yes' ;;
      'agenda') words='--db --format --help --json --no-input --quiet --yes' ;;
      'remind') words='--db --dry-run --exec --format --help --json --no-input --quiet --yes' ;;
      'keep') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'keep list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'promote') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'assess') words='--db --dry-run --format --help --json --no --no-input --note --quiet --unknown --yes' ;;
      'qualify') words='--check --db --dry-run --format --help --json --no-input --override --prospect --quiet --target --yes' ;;
      'disqualify') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'lose') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'reopen') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'purchase') words='--also --amount --currency --db --dry-run --format --help --json --no-input --on --prospect --quantity --quiet --service --target --yes' ;;
      'purchase void') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'purchase list') words='--all --db --format --help --json --limit --no-input --quiet --since --until --yes' ;;
      'product add') words='--amount --currency --db --dry-run --format --help --json --no-input --note --quiet --service --yes' ;;
      'product list') words='--all --db --format --help --json --no-input --quiet --yes' ;;
      'product edit') words='--amount --currency --db --dry-run --format --help --json --name --no-input --note --quiet --service --yes' ;;
      'product rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'link') words='--db --dry-run --format --help --json --mixed --no-input --primary --quiet --role --since --yes' ;;
      'unlink') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'criteria list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'criteria add') words='--db --dry-run --format --help --json --no-input --question --quiet --rule --side --yes' ;;
      'criteria edit') words='--db --dry-run --format --help --json --name --no-input --question --quiet --rule --side --yes' ;;
      'criteria rm') words='--db --dry-run --format --help --json --no-input --quiet --side --yes' ;;
      'campaign add') words='--basis --channel --cost --currency --db --dry-run --filter --format --help --json --no-input --note --purpose --quiet --segment --yes' ;;
      'campaign edit') words='--basis --channel --cost --currency --db --dry-run --format --help --json --name --no-input --note --purpose --quiet --yes' ;;
      'campaign join') words='--db --dry-run --filter --format --help --json --no-input --quiet --segment --yes' ;;
      'campaign leave') words='--db --dry-run --filter --format --help --json --no-input --quiet --segment --yes' ;;
      'campaign list') words='--all --db --format --help --json --no-input --quiet --yes' ;;
      'campaign show') words='--db --format --help --json --no-input --quiet --yes' ;;
      'campaign export') words='--columns --db --for-spreadsheet --format --help --json --new --no-input --output --quiet --yes' ;;
      'campaign sent') words='--again --at --db --dry-run --format --help --json --no-input --quiet --subject --text --yes' ;;
      'campaign reply') words='--at --campaign --channel --db --dry-run --format --help --json --no-input --quiet --subject --text --yes' ;;
      'campaign rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'privacy consent') words='--at --db --dry-run --format --help --json --no-input --proof --quiet --yes' ;;
      'privacy consents') words='--all --db --format --help --json --no-input --purpose --quiet --state --yes' ;;
      'list') words='--all --columns --db --format --help --json --limit --no-input --page --quiet --sort --yes' ;;
      'find') words='--all --columns --db --filter --format --help --json --limit --no-input --page --quiet --yes' ;;
      'segment save') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'segment list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'segment show') words='--db --format --help --json --no-input --quiet --yes' ;;
      'segment rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'timeline') words='--db --edits --format --help --json --kind --limit --no-input --quiet --reverse --since --until --yes' ;;
      'duplicates') words='--auto --db --dry-run --format --help --json --limit --min --no-input --quiet --review --yes' ;;
      'mailquery') words='--db --format --help --json --no-header --no-input --quiet --yes' ;;
      'report') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'report funnel') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report pipeline') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report sources') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report campaigns') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report activity') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report sales') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report service') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report hygiene') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'report growth') words='--by --db --format --help --html --json --limit --no-input --quiet --since --until --yes' ;;
      'history') words='--db --format --help --json --limit --no-input --operation --quiet --yes' ;;
      'blame') words='--db --format --help --json --no-input --quiet --yes' ;;
      'undo') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'redo') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'backup') words='--db --dry-run --encrypt --format --help --json --keep --no-input --passphrase-fd --quiet --recipient --yes' ;;
      'backup list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'backup check') words='--db --format --help --identity --json --no-input --passphrase-fd --quiet --yes' ;;
      'backup restore') words='--db --dry-run --format --help --identity --json --no-input --passphrase-fd --quiet --yes' ;;
      'encrypt') words='--backups --db --dry-run --format --help --json --keep --key-fd --keyring --no-input --quiet --yes' ;;
      'decrypt') words='--db --dry-run --format --help --json --keep --key-fd --no-input --quiet --yes' ;;
      'doctor') words='--db --dry-run --fix --format --help --json --no-input --quiet --yes' ;;
      'privacy export') words='--db --format --help --json --no-input --output --quiet --yes' ;;
      'privacy erase') words='--db --dry-run --format --help --json --no-input --quiet --reason --yes' ;;
      'privacy retention') words='--db --dry-run --erase --format --help --json --no-input --quiet --yes' ;;
      'privacy retention add') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'privacy retention list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'privacy retention rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'privacy log') words='--db --format --help --json --limit --no-input --quiet --yes' ;;
      'import') words='--as --date-order --db --delimiter --dry-run --encoding --format --help --json --map --no-input --on-likeness --on-match --quiet --rejects --rules --save-rules --sheet --source --strict --tag --type --unmapped --yes' ;;
      'export') words='--all --db --for-spreadsheet --format --help --json --no-input --output --quiet --yes' ;;
      'field list') words='--db --format --help --json --no-input --quiet --yes' ;;
      'field add') words='--choice --db --dry-run --format --help --json --kind --no-input --quiet --side --type --yes' ;;
      'field rm') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'config show') words='--db --format --help --json --no-input --quiet --yes' ;;
      'config set') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'config types') words='--db --dry-run --format --help --json --no-input --quiet --yes' ;;
      'config path') words='--db --format --help --json --no-input --quiet --yes' ;;
      'demo') words='--db --format --help --json --keep --no-input --quiet --yes' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _dkcrm dkcrm
