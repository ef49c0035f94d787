/* SPDX-License-Identifier: EUPL-1.2 */
/* The tables of acts, one a room. Private to the hub. */
#pragma once

#include "hub/act.h"

extern const struct act_table acts_settings, acts_status, acts_incident, acts_measure, acts_obligation,
        acts_journal, acts_cell;
extern const struct act_table acts_session, acts_account, acts_recovery, acts_token, acts_approval;
extern const struct act_table acts_playbook, acts_report;
extern const struct act_table acts_declaration;
extern const struct act_table acts_out;
extern const struct act_table acts_letters, acts_letters_text;
extern const struct act_table acts_kit;
extern const struct act_table acts_closing;
