/* SPDX-License-Identifier: EUPL-1.2 */
/* Every table of acts. A room's table is in its own file; here it is named. */
#include "hub/acts.h"

#include <stddef.h>

/* clang-format off */
const struct act_table *const acts_all[] = {
        &acts_status,
        &acts_settings,
        &acts_incident,
        &acts_measure,
        &acts_obligation,
        &acts_journal,
        &acts_cell,
        &acts_session,
        &acts_account,
        &acts_recovery,
        &acts_token,
        &acts_approval,
        &acts_playbook,
        &acts_report,
        &acts_declaration,
        &acts_out,
        &acts_letters,
        &acts_letters_text,
        &acts_kit,
        &acts_closing,
        NULL,
};
/* clang-format on */
