#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Packetloom developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Tells Snakemake how a job of Slurm is: running, success or failed. A job that is queued again after its node died runs.
job=${1:?}
# sbatch --parsable says "17;cluster" where there are several
job=${job%%;*}

if said=$(scontrol --oneliner show job "$job" 2>&1); then
    state=$(sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' <<<"$said" | head -n 1)
elif [[ $said == *'Invalid job id'* ]]; then # ended a while ago: accounting knows, where there is one
    state=$(sacct --allocations --noheader --parsable2 --format=State --jobs="$job" 2>/dev/null | head -n 1)
    state=${state:-FAILED} # run again, a task that is done ends at once
else
    state=UNKNOWN # the controller does not answer
fi
case $state in
COMPLETED) echo success ;;
BOOT_FAIL* | CANCELLED* | DEADLINE* | FAILED* | NODE_FAIL* | OUT_OF_MEMORY* | PREEMPTED* | REVOKED* | TIMEOUT*) echo failed ;;
*) echo running ;;
esac
