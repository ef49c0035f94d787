/* SPDX-License-Identifier: EUPL-1.2 */
/* html: text as HTML shows it, between tags or in a quoted attribute. */
#pragma once

#include "base/buffer.h"

/* & < > " as entities, a new line as <br>. */
void html_text(struct buffer *out, const char *text);
