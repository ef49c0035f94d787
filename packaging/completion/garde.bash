# SPDX-License-Identifier: EUPL-1.2
# bash completion for garde(1).

_garde()
{
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
        local -a words=()
        local word i

        # The command's own words, without options and what belongs to them.
        for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                case $word in
                -c|--config|--policy|--out|--captures|--attack|--calm|--victim|--rate|--seconds|--author|--reason|--note|--at|\
                --selector|--for|--receipt|--key|--head|--size)
                        ((i++)) ;;
                -*) ;;
                *) words+=("$word") ;;
                esac
        done

        case $previous in
        -c|--config|--attack|--calm|--head)
                mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        --out|--captures)
                mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        --policy)
                mapfile -t COMPREPLY < <(compgen -W 'garde as-in-2020' -- "$current"); return ;;
        --victim|--rate|--seconds|--author|--reason|--note|--at|--selector|--for|--receipt|--key|--size)
                return ;;
        esac

        local choices=''
        local common='--json --config --lang=fr --lang=en --log=text --log=json --log-level=error
                --log-level=warning --log-level=notice --log-level=info --log-level=debug --help'
        local first=${words[0]-} second=${words[1]-}
        case "$first $second" in
        ' ') choices='run check status drill fact incident playbook measure declare kit account journal out export domains edge help version' ;;
        'check '*) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        'status page') mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        'status '*) choices='page --watch --all' ;;
        'drill compare') mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        'drill ') choices='2020-03-22 compare --policy --out --captures --stay' ;;
        'drill '*) choices='--policy --out --captures --stay' ;;
        'fact ') choices='list' ;;
        'incident ') choices='list show fact tasks tick follow close reopen' ;;
        'incident list'|'incident show'|'incident tasks'|'measure list') choices='--all' ;;
        'incident tick') choices='--author --skip --open --reason --note --at' ;;
        'incident follow') choices='--author' ;;
        'playbook ') choices='list show cacao' ;;
        'playbook show'|'playbook cacao')
                choices=$(garde playbook list 2>/dev/null | cut -d ' ' -f 1) ;;
        'incident fact') choices='--author --at' ;;
        'incident close'|'incident reopen'|'measure lift'|'journal erase') choices='--author --reason' ;;
        'measure ') choices='list lift ask' ;;
        'measure ask')
                choices='--selector --for --author --reason'
                [ "${#words[@]}" -gt 2 ] || choices="signature fence throttle challenge $choices" ;;
        'kit '*) choices='--out --language' ;;
        'declare '*) choices='--out --all --filed --receipt --phase --channel --waive --reason --at --author' ;;
        'account ') choices='list make reset disable enable' ;;
        'account make'|'account disable'|'account enable') choices='--author' ;;
        'account reset') choices='--second-factor --author' ;;
        'journal ') choices='verify head prove export rebuild erase' ;;
        'journal verify') choices="--key --head $(compgen -f -- "$current")" ;;
        'journal prove') choices='--size' ;;
        'journal export') mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        'out ') choices='list retry test' ;;
        'out list') choices='--target' ;;
        'out retry'|'out test') choices='--author' ;;
        'export ')
                choices='incidents facts tasks findings measures obligations filings letters sendings accounts approvals contacts
                        records --format' ;;
        'export '*) choices="--format $(compgen -f -- "$current")" ;;
        'domains ') choices='compile judge why imitates status export' ;;
        'domains compile') choices="--out --format --trust --now --offline $(compgen -f -- "$current")" ;;
        'domains export')
                choices="--all $(compgen -f -- "$current")"
                [ "${#words[@]}" -gt 2 ] || choices='plain hosts dnsmasq squid postfix rpz misp --all' ;;
        'edge ') choices='replay' ;;
        'edge replay') choices='--attack --calm --victim --rate --seconds' ;;
        'help ') choices='run check status drill fact incident playbook measure declare kit account journal out export edge version' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$choices $common" -- "$current")
}
complete -F _garde garde
