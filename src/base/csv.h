/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Comma-separated values as RFC 4180 has them, CRLF at the end of a row, for people who open them in a spreadsheet: a field that begins
 * with = + - @ TAB or CR would be taken for a formula there, so an apostrophe goes before it (OWASP, CSV Injection). Numbers alone keep
 * their minus.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* One field. `first` of its row or not; NULL is an empty field. */
void csv_field(FILE *out, const char *text, bool first);
void csv_end(FILE *out);
