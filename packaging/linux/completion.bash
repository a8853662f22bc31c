# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Bash completion for packetloom and packetloom-cli.

_packetloom_captures()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -X '!*.@(csv|CSV|tsv|txt|pcap|pcapng|cap|gz|zst|xz|lz4|bz2|zip|packetloom|json)' -- "$1"; compgen -d -- "$1")
}

_packetloom_maps()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -X '!*.json' -- "$1"; compgen -d -- "$1")
}

_packetloom()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local options="--help --version --ip-map --analyze"
    shopt -q extglob || { shopt -s extglob; trap 'shopt -u extglob; trap - RETURN' RETURN; }
    case $before in
    --ip-map)
        _packetloom_maps "$current"
        return
        ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    else
        _packetloom_captures "$current"
    fi
}

_packetloom_cli()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i
    local options="--help --version --data --ip-map --ip-map-for --tunnels --verify-checksums --columns --time-unit
        --time-base --delimiter --no-header --skip-missing --skip-broken --output-dir --force --preview --json --quiet
        --attack-context --compact --filter --filter-ips --filter-ends --filter-time-start --filter-time-end --max-records
        --chunk-size --chunk-read-size --flow-timeout-seconds --engine --attempt-timeout --close-linger --partial-close --tcp-inactivity
        --udp-inactivity --icmp-inactivity --other-inactivity --threads --memory-limit"
    shopt -q extglob || { shopt -s extglob; trap 'shopt -u extglob; trap - RETURN' RETURN; }
    case $before in
    --ip-map)
        _packetloom_maps "$current"
        return
        ;;
    --ip-map-for)
        _packetloom_captures "$current"
        return
        ;;
    =) # --ip-map-for CAPTURE=MAP: the shell takes the sign for a word of its own
        if ((COMP_CWORD > 3)) && [[ ${COMP_WORDS[COMP_CWORD - 3]} == --ip-map-for ]]; then
            _packetloom_maps "$current"
            return
        fi
        ;;
    --output-dir)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --tunnels)
        mapfile -t COMPREPLY < <(compgen -W "inner outer each" -- "$current")
        return
        ;;
    --time-unit)
        mapfile -t COMPREPLY < <(compgen -W "auto s ms us ns date" -- "$current")
        return
        ;;
    --delimiter)
        mapfile -t COMPREPLY < <(compgen -W "auto comma tab semicolon pipe" -- "$current")
        return
        ;;
    --by)
        mapfile -t COMPREPLY < <(compgen -W "src dst addr srcnet dstnet net pair sport dport port proto service state close reason
            flags time" -- "$current")
        return
        ;;
    --of)
        mapfile -t COMPREPLY < <(compgen -W "flows packets" -- "$current")
        return
        ;;
    --sort)
        mapfile -t COMPREPLY < <(compgen -W "key second-key flows packets bytes sent-bytes received-bytes peers ports unanswered
            unanswered-share first last" -- "$current")
        return
        ;;
    --as)
        mapfile -t COMPREPLY < <(compgen -W "conn-log conn-json timearcs-v2" -- "$current")
        return
        ;;
    --engine)
        mapfile -t COMPREPLY < <(compgen -W "exact reference" -- "$current")
        return
        ;;
    --checksums)
        mapfile -t COMPREPLY < <(compgen -W "check ignore" -- "$current")
        return
        ;;
    --output)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --limit | --examples | --prefix | --prefix6 | --slice)
        return
        ;;
    --filter-ends)
        mapfile -t COMPREPLY < <(compgen -W "either both" -- "$current")
        return
        ;;
    --columns | --time-base | --attack-context | --filter | --read-filter | --filter-ips | --filter-time-start | --filter-time-end | --max-records | --chunk-size | \
        --chunk-read-size | --flow-timeout-seconds | --attempt-timeout | --close-linger | --partial-close | --*-inactivity | --threads | --memory-limit)
        return
        ;;
    esac
    if [[ ${COMP_WORDS[1]} == top ]]; then
        options+=" --by --of --sort --limit --prefix --prefix6 --slice"
        if [[ $current != -* ]]; then
            _packetloom_captures "$current"
            return
        fi
    fi
    if [[ ${COMP_WORDS[1]} == export || ${COMP_WORDS[1]} == compare-engines ]]; then
        if [[ ${COMP_WORDS[1]} == export ]]; then
            options+=" --as --output --checksums --read-filter"
        else
            options+=" --examples"
        fi
        if [[ $current != -* ]]; then
            _packetloom_captures "$current"
            return
        fi
    fi
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        return
    fi
    # --data takes any number of files: its words go on until the next option.
    for ((i = COMP_CWORD - 1; i > 0; --i)); do
        [[ ${COMP_WORDS[i]} == -* ]] && break
    done
    [[ ${COMP_WORDS[i]} == --data ]] && _packetloom_captures "$current"
}

complete -F _packetloom packetloom
complete -F _packetloom_cli packetloom-cli
