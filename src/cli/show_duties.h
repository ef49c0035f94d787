/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is to be told to authorities, for a person under stress: what is owed comes first, the most urgent first, with what is left of
 * its time. What may yet fall due is a number, unless everything was asked for (--all).
 */
#pragma once

#include "cli/cli.h"

/* Of one incident, under a title; `obligations` as the hub answers them. */
void show_duties(const struct cli *cli, const json_t *obligations, const char *incident);

/* What is owed over all of a status's incidents, under a title. Nothing when nothing is. */
void show_owed(const struct cli *cli, const json_t *incidents);

/* "2 obligations dues, 11 peuvent le devenir", a line; nothing when there is neither. */
void show_duty_count(const struct cli *cli, const json_t *obligations);
