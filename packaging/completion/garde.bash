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
                -c|--config|--log|--log-level|--policy|--out|--captures|--attack|--calm|--victim|--rate|--seconds)
                        ((i++)) ;;
                -*) ;;
                *) words+=("$word") ;;
                esac
        done

        case $previous in
        -c|--config|--attack|--calm)
                mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        --out|--captures)
                mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        --log)
                mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$current"); return ;;
        --log-level)
                mapfile -t COMPREPLY < <(compgen -W 'error warning notice info debug' -- "$current"); return ;;
        --policy)
                mapfile -t COMPREPLY < <(compgen -W 'garde as-in-2020' -- "$current"); return ;;
        --victim|--rate|--seconds)
                return ;;
        esac

        local common='--json --config --help' choices=''
        case "${words[*]}" in
        '') choices='run check status drill incident measure declare journal edge help' ;;
        run) choices='--log --log-level' ;;
        drill) choices='2020-03-22 compare --policy --out --captures' ;;
        'drill compare'*) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        'drill '*) choices='--policy --out --captures' ;;
        incident) choices='list show fact close' ;;
        'incident list'|'measure list') choices='--all' ;;
        measure) choices='list lift' ;;
        journal) choices='verify head prove export rebuild erase' ;;
        'journal verify'|'journal export') mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        edge) choices='replay' ;;
        'edge replay') choices='--attack --calm --victim --rate --seconds' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$choices $common" -- "$current")
}
complete -F _garde garde
