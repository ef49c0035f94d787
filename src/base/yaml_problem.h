/* SPDX-License-Identifier: EUPL-1.2 */
/* What libyaml says is wrong with a text, in the reader's language: it speaks English alone. */
#pragma once

#include "base/language.h"

/* `problem` as yaml_parser_t has it, NULL for none; what is not known here is left as it is. Valid as long as `problem`. */
const char *yaml_problem(const char *problem, enum language language);
